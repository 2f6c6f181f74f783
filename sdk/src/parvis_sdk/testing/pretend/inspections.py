"""Inspections at the pretend desk: requested, made, repeated for failed points, overdue if not corrected."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import structs

from parvis_sdk.days import local_day, midnight_after, weekday_text
from parvis_sdk.inspection_rules import (
    FIRST,
    NOT_ASKED,
    NOT_NOW,
    NOT_OPEN,
    OPEN,
    PASSED,
    facts_of,
    failed_words,
    lacking,
    last_found,
    late_corrections,
    points_of,
)
from parvis_sdk.inspections import Inspection
from parvis_sdk.requests import Phase, Town
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.pretend.situations import Effects, PretendKind, Situation, Write, add, put
from parvis_sdk.testing.pretend.states import Visit
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

Outcome = Literal["passed", "failed", "missed"]


def _bring(here: Situation, part: Inspection, word: str) -> Effects:
    visits = here.case.visits
    still = [place for place, each in enumerate(visits) if each.code == part.code and each.state in OPEN]
    if word == "wanted":
        # Whatever brings it about again, a visit that is still to come is not doubled, nor one that has passed.
        if still or last_found(part.code, visits) == "passed":
            return Effects()
        return Effects(writes=(add(visits, Visit(code=part.code)),), facts={part.fact(word): {}})
    writes = tuple(put(visits, place, structs.replace(visits[place], state="waived")) for place in still)
    return Effects(writes=writes, facts={part.fact(word): {}}) if still else Effects()


def ask(here: Situation, part: Inspection) -> Effects | Denied:
    """Requests a visit as the requester."""
    visits, phase = here.case.visits, here.request_type.workflow.state(here.case.state).phase
    if _open(here.case, part.code) is not None:
        return Effects()
    if not part.on_request:
        return Denied(code="not_possible", reason=NOT_ASKED)
    if here.case.state not in part.during if part.during else phase is Phase.CLOSED:
        return Denied(code="not_possible", reason=NOT_NOW)
    if last_found(part.code, visits) == "passed":
        return Denied(code="not_possible", reason=PASSED)
    return Effects(writes=(add(visits, Visit(code=part.code)),), facts={part.fact("wanted"): {}})


def plan(here: Situation, part: Inspection, day: date) -> Effects | Denied:
    """Plans an open visit."""
    place = _open(here.case, part.code)
    if refused := _not_open(here, part, place):
        return refused
    assert place is not None
    visit = here.case.visits[place]
    word = "moved" if visit.state == "planned" else "planned"
    said = {
        "day": weekday_text(day),
        "slot": Text(fr=""),
        "prepare": part.prepare or Text(fr=""),
        "reason": Text(fr=""),
    }
    planned = structs.replace(visit, state="planned", day=day.isoformat())
    return Effects(writes=(put(here.case.visits, place, planned),), facts={part.fact(word): said})


def make(
    here: Situation, part: Inspection, outcome: Outcome, notes: Mapping[str, str], *, notice: bool, due: str, why: str
) -> Effects | Denied:
    """Makes an open visit; failed points, by code, are to be checked again."""
    place, visits = _open(here.case, part.code), here.case.visits
    if refused := _not_open(here, part, place):
        return refused
    assert place is not None
    visit, today = visits[place], local_day(here.town, here.at)
    unknown = set(notes) - {point.code for point in points_of(part, visit)}
    assert not unknown, f"inspection {part.code!r} does not look at {', '.join(sorted(unknown))}"
    failed = outcome == "failed"
    by = (due or (today + timedelta(days=part.correct_within)).isoformat()) if failed else ""
    made = structs.replace(
        visit, state=outcome, notes=dict(notes), day=visit.day or today.isoformat(), notice=notice and failed, due=by
    )
    writes: list[Write] = [put(visits, place, made)]
    if outcome != "missed":
        writes += [put(visits, n, structs.replace(each, overdue=False)) for n, each in _late(here.case, part.code)]
    if outcome != "passed":
        points = tuple(notes) if failed else visit.points
        writes.append(add(visits, Visit(code=part.code, points=points)))
    said = {
        "day": weekday_text(date.fromisoformat(made.day)),
        "slot": Text(fr=""),
        "points": failed_words(points_of(part, visit), notes),
        "due": weekday_text(date.fromisoformat(by)) if by else Text(fr=""),
        "reason": Text(fr=why, en=why),
    }
    words = (outcome, "notice") if made.notice else (outcome,)
    # A failure is told by its notice where there is one, else by itself.
    untold = frozenset({part.fact("failed")}) if made.notice else frozenset()
    return Effects(writes=tuple(writes), facts={part.fact(word): said for word in words}, untold=untold)


def _open(case: Case, code: str) -> int | None:
    places = (place for place, each in enumerate(case.visits) if each.code == code and each.state in OPEN)
    return max(places, default=None)


def _late(case: Case, code: str) -> list[tuple[int, Visit]]:
    return [(place, each) for place, each in enumerate(case.visits) if each.code == code and each.overdue]


def _not_open(here: Situation, part: Inspection, place: int | None) -> Denied | None:
    if place is None:
        return Denied(code="not_possible", reason=NOT_OPEN)
    first = lacking(part, here.case.visits)
    titles = [each.title for code in first if (each := here.request_type.part(Inspection, code))]
    names = Text(fr=", ".join(each.fr for each in titles), en=", ".join(each.to("en") for each in titles))
    return Denied(code="not_possible", reason=FIRST.format(names=names)) if first else None


def _standing(case: Case, now: datetime) -> Iterator[str]:
    yield from facts_of(case.visits)


def _moment(case: Case, town: Town) -> datetime | None:
    waits = late_corrections(case.visits, "9999-12-31")
    return min((midnight_after(town, date.fromisoformat(case.visits[place].due)) for place in waits), default=None)


def _wake(here: Situation) -> Effects:
    visits, today = here.case.visits, local_day(here.town, here.at).isoformat()
    late = tuple(late_corrections(visits, today))
    return Effects(
        writes=tuple(put(visits, place, structs.replace(visits[place], overdue=True)) for place in late),
        facts={f"{Inspection.part}.{visits[place].code}.overdue": {} for place in late},
    )


INSPECTIONS = PretendKind(noun=Inspection, bring=_bring, standing=_standing, moment=_moment, wake=_wake)
