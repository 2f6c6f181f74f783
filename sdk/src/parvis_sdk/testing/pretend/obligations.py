"""Obligations at the pretend desk: imposed by a transition, due with time, proved, accepted, postponed, waived."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import uuid4

from parvis_sdk.days import day_text, local_day
from parvis_sdk.obligation_rules import (
    DONE_WITH,
    NO_PROOF,
    ObligationState,
    accepted,
    facts_of_imposing,
    imposed_by,
    let_off,
    next_moment,
    postponed,
    proof_sent,
    proved_until,
    said_of,
    sent_back,
    settled_with,
    woken,
    words_of,
)
from parvis_sdk.obligations import Obligation
from parvis_sdk.problems import Problems, problem
from parvis_sdk.requests import Attachment, Town
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.situations import Effects, PretendKind, Situation, Write
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied


def _bring(here: Situation, declared: Obligation, word: str) -> Effects:
    before = tuple(here.case.owed)
    imposed = imposed_by(here.occasion, declared, here.request_type.workflow, before, uuid4)
    facts = facts_of_imposing(declared, imposed, before, here.town)
    return Effects(writes=tuple(partial(_keep, here.case, each) for each in imposed), facts=facts)


def prove(
    here: Situation, owed: ObligationState, raw: Mapping[str, Any], files: Mapping[str, Attachment] | None
) -> Effects | Denied | Problems:
    """Sends the proof, as the holder."""
    declared = _declared(here, owed)
    proof = declared.proof(owed.proof)
    if proof is None or not owed.is_live:
        return Denied(code="not_possible", reason=NO_PROOF if proof is None else DONE_WITH)
    today = local_day(here.town, here.at)
    given = proof.form.read(raw, today=today, attachments=files, beside=here.answers)
    if isinstance(given, Problems):
        return given
    until = proved_until(owed, declared, here.town, given.answers)
    if until is not None and until <= here.at:
        field = proof.form.field(proof.lasts)
        label = field.label if field else ""
        return Problems(found=(problem("too_early", proof.lasts, label=label, limit=day_text(today)),))
    became = proof_sent(owed, declared, until, here.at)
    sent = _did(here, became, "proved" if declared.checked else "met")
    keep = partial(here.case.proofs.__setitem__, owed.id, given.answers)
    return Effects(writes=(*sent.writes, keep), facts=sent.facts)


def accept(here: Situation, owed: ObligationState, words: str) -> Effects | Denied:
    """Accepts the proof, or records that the town saw it."""
    if not owed.is_open:
        return Denied(code="not_possible", reason=DONE_WITH)
    answers = here.case.proofs.get(owed.id, {}) if owed.state == "proved" else {}
    until = proved_until(owed, _declared(here, owed), here.town, answers)
    return _did(here, accepted(owed, until, here.at), "met", words)


def send_back(here: Situation, owed: ObligationState, reason: str) -> Effects | Denied:
    """Sends the proof back."""
    if owed.state != "proved":
        return Denied(code="not_possible", reason=DONE_WITH)
    became = sent_back(owed, _declared(here, owed), here.town, here.at)
    return _did(here, became, "sent_back", reason)


def waive(here: Situation, owed: ObligationState, reason: str) -> Effects | Denied:
    """Waives the obligation."""
    if not owed.is_live:
        return Denied(code="not_possible", reason=DONE_WITH)
    return _did(here, let_off(owed), "waived", reason)


def postpone(here: Situation, owed: ObligationState, day: date, reason: str) -> Effects | Denied:
    """Sets another due date."""
    if not owed.is_open:
        return Denied(code="not_possible", reason=DONE_WITH)
    became = postponed(owed, _declared(here, owed), here.town, day, here.at)
    return _did(here, became, "postponed", reason)


def _did(here: Situation, owed: ObligationState, word: str, reason: str | None = None) -> Effects:
    declared = _declared(here, owed)
    more = {"reason": Text(fr=reason)} if reason is not None else {}
    facts = {declared.fact(word): said_of((owed,), here.town) | more}
    if not owed.is_open:
        facts |= settled_with(declared, (each for each in here.case.owed if each.id != owed.id))
    return Effects(writes=(partial(_keep, here.case, owed),), facts=facts)


def _declared(here: Situation, owed: ObligationState) -> Obligation:
    declared = here.request_type.part(Obligation, owed.code)
    assert declared is not None
    return declared


def _keep(case: Case, owed: ObligationState) -> None:
    known = any(each.id == owed.id for each in case.owed)
    case.owed = [owed if each.id == owed.id else each for each in case.owed] + ([] if known else [owed])


def _standing(case: Case, now: datetime) -> Iterator[str]:
    for declared in case.request_type.of(Obligation):
        under = [each for each in case.owed if each.code == declared.code]
        yield from (declared.fact(word) for word in words_of(under))


def _pairs(case: Case) -> list[tuple[Obligation, ObligationState]]:
    declared = {each.code: each for each in case.request_type.of(Obligation)}
    return [(declared[owed.code], owed) for owed in case.owed]


def _moment(case: Case, town: Town) -> datetime | None:
    moments = [next_moment(owed, declared, town) for declared, owed in _pairs(case)]
    return min((each for each in moments if each is not None), default=None)


def _wake(here: Situation) -> Effects:
    came, writes = defaultdict[str, list[ObligationState]](list), list[Write]()
    for declared, owed in _pairs(here.case):
        became, words = woken(owed, declared, here.town, here.at)
        for word in words:
            came[declared.fact(word)].append(became)
        writes.append(partial(_keep, here.case, became))
    facts = {fact: said_of(owed, here.town) for fact, owed in came.items()}
    return Effects(writes=tuple(writes), facts=facts)


OBLIGATIONS = PretendKind(noun=Obligation, bring=_bring, standing=_standing, moment=_moment, wake=_wake)
