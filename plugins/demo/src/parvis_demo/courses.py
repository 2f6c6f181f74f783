"""How far a request of the demo went: the moves of the town and of the requester, each with its time and words."""

from datetime import datetime, timedelta
from random import Random
from typing import Literal

import msgspec

from parvis.jurisdictions.calendars import BusinessCalendar, add_business_time
from parvis_demo.sentences import Voice

By = Literal["agent", "requester"]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happens: a `move` of the workflow, "pay" at the counter, or with no move a note or a message."""

    at: datetime
    by: By
    move: str = ""
    words: str = ""


class Leg(msgspec.Struct, frozen=True):
    """A step still without time: who, which move, with which words, after how many business hours at least and most."""

    by: By
    move: str
    part: str = ""
    hours: tuple[float, float] = (2, 16)


ASKED = (Leg("agent", "need_information", "question", (1, 10)), Leg("requester", "answer", "answer", (1, 30)))
NOTED = Leg("agent", "", "note", (0.2, 4))
TRIAGED = Leg("agent", "triage", "", (0.2, 6))

WORK: dict[str, tuple[Leg, ...]] = {
    "missed_collection": (TRIAGED, Leg("agent", "entrust", "", (0.5, 6))),
    "street_light": (TRIAGED, Leg("agent", "plan", "", (1, 8)), Leg("agent", "start", "", (4, 45))),
    "park_equipment": (TRIAGED, Leg("agent", "plan", "", (2, 12)), Leg("agent", "start", "", (8, 50))),
    "noise": (TRIAGED, Leg("agent", "first_letter", "", (3, 16)), Leg("agent", "plan_visit", "", (16, 40)),
              Leg("agent", "record_visit", "finding", (8, 40))),
    "animal_nuisance": (TRIAGED, Leg("agent", "plan_visit", "", (2, 10)),
                        Leg("agent", "record_visit", "finding", (4, 24))),
    "service_complaint": (TRIAGED, Leg("agent", "start_review", "", (3, 16))),
    "tree_felling": (Leg("agent", "start_review", "", (4, 20)), Leg("agent", "pay", "", (0.1, 8)),
                     Leg("agent", "plan_visit", "", (6, 24))),
    "construction": (Leg("agent", "check", "", (2, 16)), Leg("agent", "accept", "", (2, 24)),
                     Leg("agent", "conclude", "", (30, 120))),
}  # fmt: skip
USUAL_WORK = (TRIAGED, Leg("agent", "start", "", (1, 14)))
ENDINGS: dict[str, tuple[tuple[Leg, int], ...]] = {
    "noise": ((Leg("agent", "settle", "resolved"), 5), (Leg("agent", "offence", "resolved"), 3),
              (Leg("agent", "unfounded", "refused"), 3)),
    "animal_nuisance": ((Leg("agent", "settle", "resolved"), 6), (Leg("agent", "offence", "resolved"), 2),
                        (Leg("agent", "unfounded", "refused"), 2)),
    "service_complaint": ((Leg("agent", "find_founded", "resolved", (16, 80)), 3),
                          (Leg("agent", "find_partly_founded", "partly", (16, 80)), 3),
                          (Leg("agent", "find_unfounded", "refused", (16, 80)), 2)),
    "tree_felling": ((Leg("agent", "grant", "resolved", (6, 40)), 4), (Leg("agent", "refuse", "refused", (6, 40)), 2)),
    "construction": ((Leg("agent", "approve", "resolved", (2, 30)), 6),
                     (Leg("agent", "refuse", "refused", (2, 30)), 1)),
}  # fmt: skip
THEN = {"approve": (Leg("agent", "pay", "", (4, 60)),)}  # what an ending still waits for
USUAL_ENDING = ((Leg("agent", "resolve", "resolved", (0.5, 10)), 1),)
GROUNDS = {  # what the words of a refusal in `words/` say, as the form of the step asks for it
    "construction": "setbacks",
    "fallen_branch": "private_tree",
    "graffiti": "mural",
    "illegal_dumping": "collection_day",
    "missed_collection": "not_collection_day",
    "park_equipment": "to_be_replaced",
    "pothole": "below_threshold",
    "snowy_sidewalk": "operation_under_way",
    "street_light": "private_light",
    "tree_felling": "pruning_enough",
}
REFUSALS = {"noise": "unfounded", "animal_nuisance": "unfounded", "service_complaint": "find_unfounded"}

FATES = ("received", "working", "waiting", "ended", "refused", "withdrawn", "not_fixed")
CHANCES = (  # by age in days
    (0.7, (100, 0, 0, 0, 0, 0, 0)),
    (3, (45, 45, 6, 4, 0, 0, 0)),
    (10, (10, 36, 8, 42, 2, 1, 1)),
    (30, (1, 8, 4, 79, 3, 2, 3)),
    (9999, (0, 2, 1, 88, 3, 3, 3)),
)


def course_of(
    chance: Random, voice: Voice, submitted: datetime, now: datetime, calendar: BusinessCalendar
) -> tuple[Step, ...]:
    """The steps that had their time before `now`; what closes by itself is left to the timers of the workflow."""
    legs = legs_of(chance, voice.kind, fate_of(chance, now - submitted))
    at, steps = submitted, []
    for leg in legs:
        hours = timedelta(hours=chance.uniform(*leg.hours))
        at = add_business_time(calendar, at, hours)
        if at >= now:
            break
        steps.append(Step(at=at, by=leg.by, move=leg.move, words=voice.line(leg.part)))
    return tuple(steps)


def fate_of(chance: Random, age: timedelta) -> str:
    weights = next(weights for days, weights in CHANCES if age < timedelta(days=days))
    return chance.choices(FATES, weights)[0]


def legs_of(chance: Random, kind: str, fate: str) -> list[Leg]:
    if fate == "received":
        return []
    work = list(WORK.get(kind, USUAL_WORK))
    if fate == "withdrawn":
        return [*work[: chance.randint(0, 1)], Leg("requester", "withdraw", "", (2, 30))]
    if fate == "refused":
        before = 1 if REFUSALS.get(kind, "refuse") == "refuse" else len(work)
        return [*work[:before], Leg("agent", REFUSALS.get(kind, "refuse"), "refused", (2, 24))]
    if fate == "waiting":
        return [*work[:1], ASKED[0]]
    if fate == "working":
        return with_talk(chance, work[: chance.randint(1, len(work))])
    choices = ENDINGS.get(kind, USUAL_ENDING)
    ending = chance.choices([leg for leg, _ in choices], [weight for _, weight in choices])[0]
    legs = [*with_talk(chance, work), ending, *THEN.get(ending.move, ())]
    if fate == "not_fixed" and kind not in ("construction", "tree_felling", "service_complaint"):
        again = [*work, ending] if chance.random() < 0.8 else work[:1]
        return [*legs, Leg("requester", "not_fixed", "not_fixed", (8, 40)), *again]
    return legs


def with_talk(chance: Random, work: list[Leg]) -> list[Leg]:
    """Now and then the team notes something, or asks the requester and is answered."""
    legs = list(work)
    if chance.random() < 0.35:
        legs.insert(chance.randint(1, len(legs)), NOTED)
    if chance.random() < 0.14:
        legs[1:1] = ASKED
    return legs
