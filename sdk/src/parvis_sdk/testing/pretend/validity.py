"""Validity at the pretend desk: begun by a transition, reminded of, renewed, suspended, ended with time."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import uuid4

from parvis_sdk.requests import Town
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.situations import Effects, Facts, PretendKind, Situation, Write
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import ValidityState, changed_by, next_moment, said_of, woken
from parvis_sdk.workflow import Denied


def _bring(here: Situation, validity: Validity, word: str) -> Effects | Denied:
    became = changed_by(here.occasion, validity, here.case.held.get(validity.code), word, id=uuid4())
    if became is None:
        return Effects()
    if isinstance(became, Denied):
        return became
    held, words = became
    here.ends[validity.code] = held.until
    said = said_of(held, here.town)
    return Effects(writes=(partial(_keep, here.case, held),), facts={validity.fact(each): said for each in words})


def _keep(case: Case, held: ValidityState) -> None:
    case.held[held.code] = held


def _standing(case: Case, now: datetime) -> Iterator[str]:
    for code, held in case.held.items():
        yield from (f"{Validity.part}.{code}.{word}" for word in held.as_of(now).facts(now))


def _pairs(case: Case) -> list[tuple[Validity, ValidityState]]:
    return [(each, case.held[each.code]) for each in case.request_type.of(Validity) if each.code in case.held]


def _moment(case: Case, town: Town) -> datetime | None:
    moments = [next_moment(held, validity, town) for validity, held in _pairs(case)]
    return min((each for each in moments if each is not None), default=None)


def _wake(here: Situation) -> Effects:
    facts, writes = Facts(), list[Write]()
    for validity, held in _pairs(here.case):
        became, words = woken(held, validity, here.town, here.at)
        facts |= {validity.fact(word): said_of(became, here.town) for word in words}
        writes.append(partial(_keep, here.case, became))
    return Effects(writes=tuple(writes), facts=facts)


TRANSFERS = frozenset({"transfer_asked", "transferred", "transfer_declined", "transfer_cancelled"})
VALIDITY = PretendKind(noun=Validity, bring=_bring, standing=_standing, moment=_moment, wake=_wake, unplayed=TRANSFERS)
