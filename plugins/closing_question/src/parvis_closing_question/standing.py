"""How the question stands: since when it is asked, what was said, until when and how often no may be said.

It is asked where the workflow lets its requester say that it is not: by a transition `not_fixed`; or by `still_there`
where another body is to see to it, and the question is whether the thing is there still. A follower of the request is
asked the same, and counted.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.closing import REOPEN, SAYING_NO, SETTLED, UNASKED, ClosingQuestion, Opener
from parvis.requests.declarations import is_offered
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis_sdk.cleaning import clean
from parvis_sdk.events import Received
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

ALSO = "not_fixed_too"  # said by somebody who follows it; each once until the town says again that it is done
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


def no_from(request_type: RequestType, state: str) -> str:
    """The transition by which its requester says no in that state; empty where nothing is asked."""
    return next((code for code in SAYING_NO if state in _states(request_type, code)), "")


def _states(request_type: RequestType, code: str) -> tuple[str, ...]:
    says_no = request_type.workflow.transition(code)
    return says_no.sources if says_no is not None and "requester" in says_no.by else ()


def closing_of(
    request_type: RequestType, record: Record, entries: Sequence[Entry], now: datetime, opener: Opener = "requester"
) -> ClosingQuestion | None:
    """How the question stands for a request with that history; None where it is not asked."""
    says_no = no_from(request_type, record.state)
    if not says_no or record.erased_at is not None:
        return None
    asked_in = _states(request_type, says_no)
    since, said = record.state_since, ""
    for entry in entries:
        if _is_asked_anew(asked_in, entry):
            since, said = entry.at, ""
        elif entry.kind in (SETTLED, UNASKED):
            said = "yes" if entry.kind == SETTLED else "unasked"
    until, left = since + DAYS, TIMES - times_reopened(entries, opener)
    return ClosingQuestion(
        move=says_no,
        since=since,
        said=said,  # type: ignore[arg-type]
        until=until,
        left=left,
        is_past=now > until,
        refusal=TOO_LATE if now > until else TOO_OFTEN if left <= 0 else None,
    )


def _is_asked_anew(asked_in: Sequence[str], entry: Entry) -> bool:
    return entry.body.get("target") in asked_in and entry.body.get("source") not in asked_in


def times_reopened(entries: Sequence[Entry], opener: Opener | None = None) -> int:
    """How often it was opened again because people said that it is not settled; with `opener` only by them."""
    made = [each for each in entries if each.body.get("transition") in SAYING_NO]
    return sum(opener is None or (each.actor.kind == "system") == (opener == "system") for each in made)


def saying_no(request_type: RequestType, entries: Sequence[Entry]) -> frozenset[str]:
    """Who says that it is not settled since the town last said that it is: its requester, and each who follows it."""
    asked_in = tuple(state for code in SAYING_NO for state in _states(request_type, code))
    said: set[str] = set()
    for entry in entries:
        if _is_asked_anew(asked_in, entry):
            said.clear()
        elif entry.kind == ALSO:
            said.add(str(entry.body.get("by", "")))
        elif entry.body.get("transition") in SAYING_NO and entry.actor.kind == "requester":
            said.add(REQUESTER.kind)
    return frozenset(said)


def opening(request_type: RequestType, entries: Sequence[Entry]) -> frozenset[str]:
    """The same without those who began to follow it only after the town had said so: they have not seen it before."""
    asked_in = tuple(state for code in SAYING_NO for state in _states(request_type, code))
    asked = max((each.number for each in entries if _is_asked_anew(asked_in, each)), default=0)
    began: dict[str, int] = {}
    for each in entries:
        if each.kind == "followed":
            began.setdefault(str(each.body.get("follower", "")), each.number)
    return frozenset(by for by in saying_no(request_type, entries) if began.get(by, 0) <= asked)


def no_said(request_type: RequestType, entries: Sequence[Entry]) -> str:
    """Which no those say: by the state that the town last brought it to and asked about."""
    asked = (no_from(request_type, str(each.body.get("target", ""))) for each in reversed(entries))
    return next((code for code in asked if code), "")


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
        # Of what another body sees to, the answer says nothing of how the town did.
        counted = {"settled": "yes", "settled_at": here.at} if closing.move == REOPEN else {}
        return Change(line=line, columns=counted, events=(event,))

    return await change(host, reference, plan, actor=actor)
