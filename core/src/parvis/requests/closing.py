"""Is it settled? The question after the work, as letters, pages and calls go by it: a module asks, or nobody does."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Conflict
from parvis.requests.history import Entry
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

REOPEN, STILL_THERE = "not_fixed", "still_there"
SAYING_NO = (REOPEN, STILL_THERE)
"""The transitions by which a requester says that it is not: those of a workflow, whether or not it is asked."""
SETTLED, UNASKED = "settled", "unasked"  # entries: it is; the person does not want to be asked
Said = Literal["", "yes", "unasked"]
Opener = Literal["requester", "system"]
"""Who opens it again: its requester, or the system once enough of those say so who follow it."""


class ClosingQuestion(Struct, frozen=True, kw_only=True):
    """How the question stands: since when it is asked, what was answered, until when and how often no may be said.

    `move` is the transition that says no; `refusal` why the request cannot be opened by it, None when it can.
    """

    move: str
    since: datetime
    said: Said
    until: datetime
    left: int
    is_past: bool
    refusal: Text | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered."""
        return not self.said and not self.is_past


class SettledAnswer(Protocol):
    """Notes that it is settled, with what the person adds; or that they do not want to be asked."""

    async def __call__(
        self,
        host: Host,
        reference: str,
        *,
        words: str = "",
        may_call: bool = False,
        unasked: bool = False,
        actor: Actor = REQUESTER,
    ) -> Record | Denied | Conflict: ...


class ClosingQuestions(Struct, frozen=True, kw_only=True):
    """How a module asks. `asked_in` names the transition by which a requester says no in a state; `standing` says how
    the question stands after a history.
    """

    asked_in: Callable[[RequestType, str], str]
    standing: Callable[[RequestType, Record, Sequence[Entry], datetime, Opener], ClosingQuestion | None]
    answer: SettledAnswer


def closing_questions(host: Host, town: Jurisdiction) -> ClosingQuestions | None:
    """How this town asks, if it does."""
    return next(iter(host.modules.heard(ClosingQuestions, town)), None)


def asked_in(host: Host, town: Jurisdiction, request_type: RequestType, state: str) -> str:
    """The transition by which its requester answers no in that state; empty where nothing is asked."""
    there = closing_questions(host, town)
    return there.asked_in(request_type, state) if there else ""
