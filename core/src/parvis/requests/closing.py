"""The question after the work: is it settled? A yes is counted; a no opens the same request again, within limits.

It is asked where the workflow lets its requester say that it is not: by a transition `not_fixed`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.declarations import is_offered
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.events import Received
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

REOPEN = "not_fixed"
SETTLED, UNASKED = "settled", "unasked"
DAYS = timedelta(days=60)
TIMES = 3
MOST_WORDS = 4000
TOO_LATE = Text(
    fr="Soixante jours ont passé depuis. Faites une nouvelle requête\u00a0: elle sera traitée comme telle.",
    en="Sixty days have passed since. Make a new request: it will be handled as one.",
)
TOO_OFTEN = Text(
    fr="Cette requête a déjà été rouverte trois fois. Appelez-nous\u00a0: une personne la regardera avec vous.",
    en="This request was already reopened three times. Call us: somebody will look at it with you.",
)
NOT_ASKED = Text(fr="Cette question a déjà sa réponse.", en="This question has its answer already.")
Said = Literal["", "yes", "unasked"]


class ClosingQuestion(Struct, frozen=True, kw_only=True):
    """How the question stands: since when it is asked, what was answered, until when and how often no may be said."""

    since: datetime
    said: Said
    until: datetime
    left: int
    is_past: bool

    @property
    def is_open(self) -> bool:
        """Whether it is still to be answered."""
        return not self.said and not self.is_past

    @property
    def refusal(self) -> Text | None:
        """Why the request cannot be opened again by its requester; None when it can."""
        if self.is_past:
            return TOO_LATE
        return TOO_OFTEN if self.left <= 0 else None


def asks_about(request_type: RequestType, state: str) -> bool:
    """Whether the question is one of that state."""
    return state in _states(request_type)


def _states(request_type: RequestType) -> tuple[str, ...]:
    reopens = request_type.workflow.transition(REOPEN)
    return reopens.sources if reopens is not None and "requester" in reopens.by else ()


def closing_of(
    request_type: RequestType, record: Record, entries: Sequence[Entry], now: datetime
) -> ClosingQuestion | None:
    """How the question stands for a request with that history; None where it is not asked."""
    asked_in = _states(request_type)
    if record.state not in asked_in or record.erased_at is not None:
        return None
    since, said, reopened = record.state_since, "", 0
    for entry in entries:
        body = entry.body
        if body.get("transition") == REOPEN and entry.actor.kind == "requester":
            reopened += 1
        if body.get("target") in asked_in and body.get("source") not in asked_in:
            since, said = entry.at, ""
        elif entry.kind in (SETTLED, UNASKED):
            said = "yes" if entry.kind == SETTLED else "unasked"
    until = since + DAYS
    return ClosingQuestion(since=since, said=said, until=until, left=TIMES - reopened, is_past=now > until)  # type: ignore[arg-type]


async def may_reopen(here: Situation) -> Denied | None:
    """Why its requester may not open the request again; None when they may."""
    closing = closing_of(here.request_type, here.record, await entries_of(here.record), here.at)
    refusal = closing.refusal if closing else None
    return Denied(code="not_from_here", reason=refusal) if refusal else None


async def answer_settled(
    host: Host,
    reference: str,
    *,
    words: str = "",
    may_call: bool = False,
    unasked: bool = False,
    actor: Actor = REQUESTER,
) -> Record | Denied | Conflict:
    """Note that it is settled, with what the person adds; or that they do not want to be asked."""

    async def plan(here: Situation) -> Change | Denied:
        closing = closing_of(here.request_type, here.record, await entries_of(here.record), here.at)
        if closing is None or not closing.is_open or not is_offered(host, here.record):
            return Denied(code="not_from_here", reason=NOT_ASKED)
        if unasked:
            return Change(line=Line(kind=UNASKED, audience="requester"))
        said = clean(words).strip()[:MOST_WORDS]
        line = Line(
            kind=SETTLED,
            audience="requester",
            body={"may_call": True} if may_call else {},
            personal={"words": said} if said else None,
        )
        event = Received(**here.about(actor), entry=here.record.entries + 1)
        return Change(line=line, columns={"settled": "yes", "settled_at": here.at}, events=(event,))

    return await change(host, reference, plan, actor=actor)
