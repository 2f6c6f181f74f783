"""What people do about an obligation: its holder proves it, the town accepts, sends back, waives or gives more time."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from msgspec import Struct, structs

from parvis.jurisdictions.calendars import local_day
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import audiences_of, bind, waiting
from parvis.requests.changing import Change, Conflict, Situation, Write, change
from parvis.requests.declarations import is_offered
from parvis.requests.history import Audience, entries_of
from parvis.requests.host import Host
from parvis.requests.lifecycle import GONE, happening, retention_due
from parvis.requests.parts.together import answered_again
from parvis.requests.records import Record
from parvis_grants.obligations import declared_in, keep, obligations_of
from parvis_sdk.days import day_text
from parvis_sdk.obligation_rules import (
    DONE_WITH,
    NO_PROOF,
    ObligationState,
    accepted,
    let_off,
    postponed,
    proof_sent,
    proved_until,
    said_of,
    sent_back,
    settled_with,
)
from parvis_sdk.obligations import Obligation
from parvis_sdk.problems import Problems, problem
from parvis_sdk.quantities import day_of
from parvis_sdk.standing_answers import standing_answers
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

BY = Text(fr="Au plus tard le", en="By")
UNKNOWN = Text(fr="Cette condition n’existe pas.", en="There is no such condition.")

Answer = Record | Denied | Problems | Conflict


class Did(Struct, frozen=True, kw_only=True):
    """What somebody did about an obligation: what it has become, the word of the fact, and what else goes with it."""

    owed: ObligationState
    word: str
    said: dict[str, Text] = {}
    body: dict[str, Any] = {}
    personal: dict[str, Any] = {}
    writes: tuple[Write, ...] = ()
    audience: Audience = "requester"


Deed = Callable[[Situation, ObligationState, Obligation], Awaitable[Did | Denied | Problems]]


async def send_proof(
    host: Host, reference: str, id: str, raw: Mapping[str, Any], *, actor: Actor, holder: str = ""
) -> Answer:
    """Record a proof that a condition is met, sent by the holder of the request or received by the town for them."""
    return await _about(host, reference, id, partial(_send, raw, actor, holder), actor)


async def accept(
    host: Host, reference: str, id: str, *, actor: Actor, words: str = "", expected: int | None = None
) -> Answer:
    """It is met: the town takes the proof, or has seen for itself."""
    return await _about(host, reference, id, partial(_accept, words), actor, expected)


async def send_back(
    host: Host, reference: str, id: str, *, actor: Actor, reason: str, expected: int | None = None
) -> Answer:
    """The proof will not do; its holder reads why, and is owed another try."""
    return await _about(host, reference, id, partial(_send_back, reason), actor, expected)


async def waive(
    host: Host, reference: str, id: str, *, actor: Actor, reason: str, expected: int | None = None
) -> Answer:
    """The town no longer requires it, and says why."""
    return await _about(host, reference, id, partial(_waive, reason), actor, expected)


async def postpone(
    host: Host, reference: str, id: str, *, actor: Actor, day: date, reason: str, expected: int | None = None
) -> Answer:
    """Another day by which it is to be done."""
    return await _about(host, reference, id, partial(_postpone, day, reason), actor, expected)


async def last_proof(record: Record, owed: ObligationState) -> Mapping[str, Any]:
    """The answers of the proof that was sent last; none where there is none, or once they are erased."""
    entry = next((each for each in await entries_of(record) if each.number == owed.sent), None)
    return (entry.personal or {}).get("given", {}) if entry else {}


async def _about(host: Host, reference: str, id: str, deed: Deed, actor: Actor, expected: int | None = None) -> Answer:
    async def plan(here: Situation) -> Change | Denied | Problems:
        if not is_offered(host, here.record):
            return Denied(code="not_by_you", reason=GONE)
        every = await obligations_of(here.record.id)
        owed = next((each for each in every if str(each.id) == id), None)
        declared = declared_in(here, owed.code) if owed else None
        if owed is None or declared is None:
            return Denied(code="unknown", reason=UNKNOWN)
        did = await deed(here, owed, declared)
        if not isinstance(did, Did):
            return did
        return _change(host, here, declared, did, tuple(each for each in every if each.id != owed.id), actor)

    return await change(host, reference, plan, actor=actor, expected=expected)


def _change(
    host: Host, here: Situation, declared: Obligation, did: Did, others: tuple[ObligationState, ...], actor: Actor
) -> Change:
    calendar, record = here.town.calendar, here.record
    facts = {declared.fact(did.word): said_of((did.owed,), calendar) | did.said} if did.word else {}
    if not did.owed.is_open:
        facts |= settled_with(declared, others)
    planned = happening(
        host,
        here,
        facts,
        actor=actor,
        writes=(partial(keep, record.id, did.owed, declared, calendar), *did.writes),
        audience=did.audience,
        body={"obligations": [str(did.owed.id)]} | did.body,
        personal={"note": did.owed.demand} | did.personal,
    )
    # What had to be kept for its sake is kept as long again from now on.
    due = retention_due(here.request_type, here.request_type.workflow.state(record.state), here.at)
    return structs.replace(planned, columns={"retention_due_at": due}) if due and not did.owed.is_open else planned


async def _send(
    raw: Mapping[str, Any], actor: Actor, holder: str, here: Situation, owed: ObligationState, declared: Obligation
) -> Did | Denied | Problems:
    proof = declared.proof(owed.proof)
    if proof is None:
        return Denied(code="not_possible", reason=NO_PROOF)
    if not owed.is_live:
        return Denied(code="not_possible", reason=DONE_WITH)
    calendar, files = here.town.calendar, await waiting(holder) if holder else {}
    standing = standing_answers(
        here.request_type, here.record.answers, await answered_again(here.record, here.request_type)
    )
    given = proof.form.read(raw, today=local_day(calendar, here.at), attachments=files, beside=standing)
    if isinstance(given, Problems):
        return given
    until = proved_until(owed, declared, calendar, given.answers)
    if until is not None and until <= here.at:
        label, today = proof.form.field(proof.lasts), day_text(local_day(calendar, here.at))
        return Problems(found=(problem("too_early", proof.lasts, label=label.label if label else "", limit=today),))
    number = here.record.entries + 1
    became = proof_sent(structs.replace(owed, sent=number), declared, until, here.at)
    audiences = audiences_of(proof.form.fields(), given.answers, by_requester=actor.kind == "requester")
    return Did(
        owed=became,
        word="proved" if declared.checked else "met",
        body={"asked": declared.fact(proof.code)},
        personal={"given": given.answers},
        writes=(partial(bind, here.record.id, holder, audiences),) if given.attachments else (),
    )


async def _accept(words: str, here: Situation, owed: ObligationState, declared: Obligation) -> Did | Denied:
    if not owed.is_open:
        return Denied(code="not_possible", reason=DONE_WITH)
    answers = await last_proof(here.record, owed) if owed.state == "proved" else {}
    until = proved_until(owed, declared, here.town.calendar, answers)
    became = accepted(owed, until, here.at)
    return Did(owed=became, word="met", said=_reason(words), personal=_noted(owed, words))


async def _send_back(reason: str, here: Situation, owed: ObligationState, declared: Obligation) -> Did | Denied:
    if owed.state != "proved":
        return Denied(code="not_possible", reason=DONE_WITH)
    became = sent_back(owed, declared, here.town.calendar, here.at)
    return Did(owed=became, word="sent_back", said=_reason(reason), personal=_noted(owed, reason))


async def _waive(reason: str, here: Situation, owed: ObligationState, declared: Obligation) -> Did | Denied:
    if not owed.is_live:
        return Denied(code="not_possible", reason=DONE_WITH)
    became = let_off(owed)
    return Did(owed=became, word="waived", said=_reason(reason), personal=_noted(owed, reason))


async def _postpone(
    day: date, reason: str, here: Situation, owed: ObligationState, declared: Obligation
) -> Did | Denied | Problems:
    if not owed.is_open:
        return Denied(code="not_possible", reason=DONE_WITH)
    calendar = here.town.calendar
    if day_of(day.isoformat()) is None:
        return Problems(found=(problem("date", "day", label=BY),))
    if day < (today := local_day(calendar, here.at)):
        return Problems(found=(problem("too_early", "day", label=BY, limit=day_text(today)),))
    became = postponed(owed, declared, calendar, day, here.at)
    return Did(owed=became, word="postponed", said=_reason(reason), personal=_noted(owed, reason))


def _reason(words: str) -> dict[str, Text]:
    return {"reason": Text(fr=words)}


def _noted(owed: ObligationState, words: str) -> dict[str, Any]:
    """What the history says: what it is about, then what was said of it."""
    return {"note": owed.demand.each(lambda demand, _: f"{demand}\n\n{words}" if words else demand)}
