"""What a process does and how long it takes, for a follower: nobody, until a module registers one."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal, Protocol

SpanKind = Literal["request", "statement", "call", "pass", "chore"]


class Span(Protocol):
    """One thing that is being done, while somebody follows it."""

    trace_id: str

    def ended(self, name: str, code: int) -> None:
        """What it turned out to be, and how it was answered."""


Follower = Callable[[SpanKind, str, Any], AbstractContextManager[Span]]
"""Told of each thing that begins: its kind, its name, and the headers that came with it or that go out with it."""

NOBODY: AbstractContextManager[None] = nullcontext()
_follower: Follower | None = None


def follow(follower: Follower | None) -> None:
    """From now on it is told to this one, in the whole process."""
    global _follower
    _follower = follower


def span(kind: SpanKind, name: str, headers: Any = None) -> AbstractContextManager[Span | None]:
    """While this lasts, something is done; None where nobody follows. Names are ours, never words of people."""
    return NOBODY if _follower is None else _follower(kind, name, headers)
