"""Works of the demo that have begun: an inspector’s round for today, visits that wait, one that found a fault."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from msgspec import structs

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import is_business_day, local_day, next_business_day
from parvis.people.agents import Person
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.lifecycle import make_move
from parvis.requests.offered import type_of
from parvis.requests.records import Record, find
from parvis_demo.playing import Performance, acting
from parvis_demo.sentences import Sentences
from parvis_demo.stories import Story, one_story
from parvis_inspections.inspected import record_result
from parvis_inspections.inspecting import ask, plan_visit
from parvis_inspections.slots import Slot, read_slot
from parvis_inspections.visit_results import SubmittedResult, read_result
from parvis_inspections.visits import Visit, Wishes, declared, visits_of
from parvis_sdk.request_types import RequestType
from parvis_sdk.workflow import Mover

SEED, TOWN, TYPE = "works", "parvis", "construction"
PLANNED, WORKS = 4, 5
PARTS = ("morning", "morning", "afternoon")
LATER = Wishes(words="Le coulage est prévu la semaine prochaine. L’entrée se fait par la ruelle.")
WRONG = {"finding": "not_ok", "note": "Le drain n’est pas enrobé de pierre nette du côté nord."}
COURSE: tuple[tuple[int, str, Mover], ...] = (
    (40, "accept", "agent"),
    (24, "approve", "agent"),
    (20, "issue", "agent"),
    (6, "start_works", "requester"),
)
SUBMITTED = timedelta(days=45)


async def arrange_visits(host: Host, staff: tuple[Person, ...]) -> int:
    """Where the demo's own town is served and permits are installed; how many visits are planned."""
    town = host.jurisdictions.get(TOWN)
    request_type = type_of(host, town, TYPE) if town else None
    clerk, inspector = _of_unit(staff, "planning"), _of_unit(staff, "environment")
    if town is None or request_type is None or clerk is None or inspector is None:
        return 0
    planned = 0
    for number, story in enumerate(_stories(clock.now(), town), start=1):
        record = await _begun(host, town, request_type, story, staff, acting(clerk))
        first = next((each for each in await visits_of(record.id) if each.is_open), None) if record else None
        if record is None or first is None:
            continue
        if number > PLANNED:
            await ask(host, record.reference, first.code, LATER)
            continue
        planned += await _plan(host, town, record, first, inspector, PARTS[number % len(PARTS)])
        if number == PLANNED:
            await _fail(host, record, first, acting(inspector))
    return planned


def _of_unit(staff: tuple[Person, ...], unit: str) -> Person | None:
    over = (TOWN, unit)
    return next((one for one in staff if any((each.jurisdiction, each.unit) == over for each in one.grants)), None)


def _stories(now: datetime, town: Jurisdiction) -> Iterator[Story]:
    chance = Random(f"{SEED} {town.code}")  # noqa: S311 - invented data, no secret
    sentences = Sentences(chance)
    for _ in range(WORKS):
        story = one_story(chance, sentences, [TYPE], now, town)
        yield structs.replace(
            story, submitted_at=now - SUBMITTED, channel="portal", steps=(), occurrences=(), followers=()
        )


async def _begun(
    host: Host, town: Jurisdiction, request_type: RequestType, story: Story, staff: tuple[Person, ...], clerk: Actor
) -> Record | None:
    """Works from the application to their beginning; None where something still hinders them."""
    now, play = clock.now(), Performance(host, town, request_type, story, staff)
    with clock.moved_to(story.submitted_at) as moved:
        await play.submit()
        for days, code, mover in COURSE if play.reference else ():
            moved.to(now - timedelta(days=days))
            raw = {"started_on": local_day(town.calendar, clock.now()).isoformat()} if code == "start_works" else {}
            actor = clerk if mover == "agent" else REQUESTER
            await make_move(host, play.reference, code, raw, actor=actor, mover=mover)
            await _let_through(play)
    record = await find(host, play.reference) if play.reference else None
    return record if record is not None and record.state == "in_works" else None


async def _let_through(play: Performance) -> None:
    """What the next step waits for: opinions are given, fees paid at the counter."""
    for player in play.players:
        await player.give(play, play.story.words)


async def _plan(host: Host, town: Jurisdiction, record: Record, visit: Visit, who: Person, part: str) -> int:
    """For today, or the next day on which the town is open."""
    today = local_day(town.calendar, clock.now())
    day = today if is_business_day(town.calendar, today) else next_business_day(town.calendar, today)
    slot = read_slot(town, {"day": day.isoformat(), "slot": part}, clock.now())
    if not isinstance(slot, Slot):
        return 0
    done = await plan_visit(
        host, visit, record.reference, slot, inspector=UUID(who.id), inspector_name=who.name, actor=acting(who)
    )
    return int(isinstance(done, Record))


async def _fail(host: Host, record: Record, visit: Visit, who: Actor) -> None:
    """One visit is made already: a point that asks for no photo is not in order."""
    part = declared(await type_of_record(host, record), visit.code)
    if part is None:
        return
    wrong = next(point.code for point in part.points if not point.photo)
    points = {point.code: WRONG if point.code == wrong else {"finding": "ok"} for point in part.points}
    now = clock.now()
    today = local_day(host.jurisdictions.jurisdiction(TOWN).calendar, now)
    sent = read_result(part, visit, {"points": points, "notice": True}, {}, now, today)
    if isinstance(sent, SubmittedResult):
        await record_result(host, visit, record.reference, sent, key="demo", actor=who)
