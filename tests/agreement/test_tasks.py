"""The tasks of a plugin, their outcome and their events are the same at the pretend desk and on a host."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from parvis import clock
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.records import find
from parvis.requests.request_service import RequestService
from parvis.worker import Limits, Relay
from parvis_sdk.events import Moved, Submitted, TaskDone, TaskLate
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.tasks import Escalation, Task, TaskOver
from parvis_sdk.testing import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text
from parvis_tasks.ending import do_task
from parvis_tasks.escalating import escalate_due
from parvis_tasks.kept_tasks import tasks_of
from parvis_testing.street import EVERYWHERE
from parvis_testing.town import ANA

MONDAY = datetime(2026, 6, 15, 13, 0, tzinfo=UTC)
WHO = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca"}
RAW = {"answers": {}, "place": {"lon": -73.5807, "lat": 45.5236}, "requester": WHO}


def task(key: str = "look", **given: Any) -> Task:
    return Task(key=key, title=Text(fr="Regarder", en="Look"), unit="roads", **given)


SLOW = (Escalation(at=50, to="unit"), Escalation(at=100), Escalation(at=300))
SCRIPTS: dict[str, dict[type, Outcome]] = {
    "one that is late": {Submitted: Outcome(tasks=(task(days=5, escalate=SLOW),))},
    "one that comes again when it is done": {
        Submitted: Outcome(tasks=(task(), task("call"))),
        TaskDone: Outcome(tasks=(task("call"), task("write"))),
    },
    "one that is taken back when another is done": {
        Submitted: Outcome(tasks=(task(), task("call"))),
        TaskDone: Outcome(tasks_over=(TaskOver(key="call"), TaskOver(key="unknown"))),
    },
    "one that is given as the request is closed": {
        Submitted: Outcome(tasks=(task("call"),)),
        Moved: Outcome(tasks=(task("drop"),)),
    },
    "what is no task": {
        Submitted: Outcome(tasks=(task(days=0), task(""), task(due=date(2026, 6, 1)), task("fine"), task("fine")))
    },
    "a hundred": {Submitted: Outcome(tasks=tuple(task(f"look-{number}") for number in range(100)))},
}


def handler(said: dict[type, Outcome]) -> tuple[Any, list[Any]]:
    heard: list[Any] = []

    @on(Submitted, Moved, TaskDone, TaskLate, name="ask")
    async def ask(event: Any, request: Any) -> Outcome | None:
        heard.append((type(event).__name__, getattr(event, "key", ""), getattr(event, "share", 0)))
        return said.get(type(event))

    return ask, heard


async def at_the_desk(subscription: Any) -> dict[str, Any]:
    desk = Desk(types=[SAMPLE], subscriptions=[subscription], now=MONDAY)
    case = await desk.submit("sample", RAW)
    await desk.wait(days=8)
    first = next((each for each in desk.tasks if each.task.key == "look"), None)
    if first is not None:
        await desk.do_task(first)
    await desk.move(case, "close")
    return {"tasks": sorted((each.task.key, each.state) for each in desk.tasks), "notes": len(case.notes)}


async def on_the_host(hosted: Any, subscription: Any) -> dict[str, Any]:
    host = await hosted(SAMPLE, subscriptions=[subscription])
    relay = Relay(host, Limits(seconds=10.0), name="worker")
    with clock.moved_to(MONDAY):
        receipt = await RequestService(host).submit("parvis", "sample", RAW, channel="portal")
        await relay.drain()
    record = await find(host, receipt.reference)
    for day in range(9):
        with clock.moved_to(MONDAY + timedelta(days=day)):
            await escalate_due(host)
            await relay.drain()
    with clock.moved_to(MONDAY + timedelta(days=8)):
        first = next((each for each in await tasks_of(record) if each.key == "look"), None)
        if first is not None:
            await do_task(host, EVERYWHERE, record, first.id, "", actor=ANA)
            await relay.drain()
        await make_move(host, record.reference, "close", {}, actor=ANA, mover="agent")
        await relay.drain()
    notes = sum(each.kind == "external" for each in await entries_of(record))
    return {"tasks": sorted((each.key, each.state) for each in await tasks_of(record)), "notes": notes}


@pytest.mark.parametrize("script", SCRIPTS)
async def test_kit_and_host_give_the_same_tasks_and_tell_the_same_of_them(hosted, script):
    told = []
    for play in (at_the_desk, lambda ask: on_the_host(hosted, ask)):
        ask, heard = handler(SCRIPTS[script])
        stands = await play(ask)
        told.append(stands | {"heard": heard})
    assert told[0] == told[1]
