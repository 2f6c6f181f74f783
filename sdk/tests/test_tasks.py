"""Tasks at the pretend desk: given once, done, late, taken back, and what of them nobody is given."""

from datetime import date, timedelta

import pytest

from parvis_sdk.events import Noted, Submitted, TaskDone, TaskLate
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.tasks import MOST_OPEN, MOST_TASKS, Escalation, Task, TaskOver
from parvis_sdk.testing import Desk
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.text import Text

WHO = {"mode": "named", "name": "Zoé", "email": "zoe@exemple.ca"}
RAW = {"answers": {}, "place": {"lon": -73.58, "lat": 45.52}, "requester": WHO}


def task(key="look", title="Regarder", **given):
    return Task(key=key, title=Text(fr=title, en="Look"), **given)


class Asking:
    """A desk whose plugin answers what a test says, in turn."""

    def __init__(self, *said, **given):
        self.said, self.heard = [*said], []

        @on(Submitted, Noted, TaskDone, TaskLate)
        async def ask(event, request):
            self.heard.append(event)
            return self.said.pop(0) if self.said else None

        self.desk = Desk(types=[SAMPLE], subscriptions=[ask], **given)

    async def begin(self):
        return await self.desk.submit("sample", RAW)

    def of(self, noun):
        return [each for each in self.heard if isinstance(each, noun)]


async def test_a_task_is_given_once_by_its_key_and_its_plugin_hears_who_did_it_by_unit():
    asking = Asking(Outcome(tasks=(task(unit="counter", days=2),)), Outcome(tasks=(task(title="Autre"),)))
    case = await asking.begin()
    given = asking.desk.task(case, "look")
    assert given.due_at == asking.desk.now + timedelta(days=2)
    assert await asking.desk.do_task(given)
    assert not await asking.desk.do_task(given)
    assert [(each.key, each.unit, each.actor) for each in asking.of(TaskDone)] == [("look", "counter", "agent")]
    assert len(asking.desk.tasks) == 1  # the second answer had the same key


async def test_a_task_is_escalated_by_time_and_no_more_once_it_is_done():
    wanted = task(days=5, escalate=(Escalation(at=50, to="unit"), Escalation(at=100), Escalation(at=200)))
    asking = Asking(Outcome(tasks=(wanted,)))
    case = await asking.begin()
    await asking.desk.wait(days=8)
    assert [(each.share, each.unit) for each in asking.of(TaskLate)] == [(50, "works"), (100, "works")]
    await asking.desk.do_task(asking.desk.task(case, "look"))
    await asking.desk.wait(days=30)
    assert len(asking.of(TaskLate)) == 2


async def test_without_a_word_managers_are_told_when_it_is_late():
    assert task().escalate == (Escalation(at=100, to="managers"),)


async def test_its_plugin_takes_it_back_by_its_key():
    asking = Asking(Outcome(tasks=(task(), task("call"))), Outcome(tasks_over=(TaskOver(key="call"),)))
    case = await asking.begin()
    await asking.desk.do_task(asking.desk.task(case, "look"))
    assert {each.task.key: each.state for each in asking.desk.tasks} == {"look": "done", "call": "withdrawn"}


async def test_what_is_open_goes_with_a_request_that_is_closed():
    asking = Asking(Outcome(tasks=(task(),)))
    case = await asking.begin()
    await asking.desk.move(case, "close")
    assert asking.desk.task(case, "look").state == "withdrawn"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (task(title=""), "no title"),
        (task(key=" "), "no key"),
        (task(days=366), "no term"),
        (task(due=date(2026, 6, 14)), "is past"),
        (task(escalate=(Escalation(at=2000),)), "do not rise"),
    ],
)
async def test_what_is_no_task_is_noted_and_given_to_nobody(wrong, why):
    asking = Asking(Outcome(tasks=(wrong,)))
    case = await asking.begin()
    assert asking.desk.tasks == []
    assert why in case.notes[0].en


async def test_nobody_is_given_a_hundred():
    many = [tuple(task(f"{turn}-{each}") for each in range(100)) for turn in range(4)]
    asking = Asking(*(Outcome(tasks=each) for each in many))
    await asking.begin()
    assert len(asking.desk.tasks) == MOST_TASKS
    for _ in range(3):
        await asking.desk.do_task(asking.desk.tasks[-1])
    assert sum(each.state == "open" for each in asking.desk.tasks) == MOST_OPEN


async def test_of_a_task_of_another_plugin_nobody_hears():
    event = TaskDone(id="1", reference="x", at=Desk().now, actor="agent", plugin="bikes", key="look", unit="roads")
    assert (event.is_for("bikes"), event.is_for("permits")) == (True, False)
    assert Submitted(id="1", reference="x", at=Desk().now, actor="agent", type="x", state="y").is_for("permits")
