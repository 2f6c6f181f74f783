"""What is read again every few seconds, so that pages are answered from memory; its owners declare it."""

from collections.abc import Awaitable, Callable
from functools import partial

from parvis.modules import part
from parvis.requests.heart import Heart

Rereading = Callable[[], Awaitable[object]]
CORE = ("parvis.requests.situation.bulletin",)
"""The rooms that keep something so; each reads it again by the function that it names REREAD."""


def rereadings(heart: Heart) -> tuple[Rereading, ...]:
    """Those of the core."""
    return tuple(partial(part(name).REREAD, heart) for name in CORE)
