"""Tasks at the pretend desk: created once per key, done, escalated with time, withdrawn, as on the host."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from msgspec import Struct

from parvis_sdk.days import local_day, midnight_after
from parvis_sdk.events import TaskDone, TaskLate
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Town
from parvis_sdk.subscriptions import Outcome, Update
from parvis_sdk.tasks import MOST_OPEN, TOO_MANY_OPEN, Task, tasks_taken
from parvis_sdk.testing.cases import Case
from parvis_sdk.testing.parts_at_desk import PartsAtDesk
from parvis_sdk.testing.pretend.situations import Effects, business_days_after

UNIT = "works"  # that has every request at the pretend desk


class GivenTask(Struct, kw_only=True):
    """A task: its plugin, its request, its due date, and the number of escalations so far."""

    plugin: str
    of: str
    task: Task
    given_at: datetime
    due_at: datetime
    state: Literal["open", "done", "withdrawn"] = "open"
    escalated: int = 0

    @property
    def moment(self) -> datetime | None:
        """When it is escalated next; within its time, all days count as business days here."""
        shares = self.task.escalate[self.escalated :] if self.state == "open" else ()
        whole = self.due_at - self.given_at
        return self.given_at + whole * shares[0].at / 100 if shares else None


class TasksAtDesk(PartsAtDesk):
    """The calls about tasks; `tasks` holds all tasks ever created."""

    def __init__(self, types: Iterable[RequestType], town: Town, now: datetime) -> None:
        super().__init__(types, town, now)
        self.tasks: list[GivenTask] = []

    def task(self, case: Case, key: str) -> GivenTask:
        """The task of a request by its key."""
        return next(each for each in self.tasks if (each.of, each.task.key) == (case.reference, key))

    async def do_task(self, given: GivenTask) -> bool:
        """Marks it as done as somebody of its unit, and tells its plugin; returns whether it was still open."""
        if given.state != "open":
            return False
        given.state = "done"
        self._of_task(given, TaskDone, "agent")
        await self._tell_all()
        return True

    def _give(self, case: Case, plugin: str, news: Outcome | Update) -> None:
        """Keep what is asked of people and is not there yet, take back what is over; what is not taken is noted."""
        ours = [each for each in self.tasks if (each.of, each.plugin) == (case.reference, plugin)]
        known, waiting = {each.task.key for each in ours}, sum(each.state == "open" for each in ours)
        taken, refused = tasks_taken(news.tasks, local_day(self.town, self.now))
        case.notes.extend(refused)
        for each in taken:
            if each.key in known:
                continue
            if waiting >= MOST_OPEN:
                case.notes.append(TOO_MANY_OPEN.format(most=MOST_OPEN))
                break
            waiting += 1
            until = midnight_after(self.town, each.due) if each.due else business_days_after(self.now, each.days)
            given = GivenTask(plugin=plugin, of=case.reference, task=each, given_at=self.now, due_at=until)
            self.tasks.append(given)
            ours.append(given)
        for over in news.tasks_over:
            for one in ours:
                if one.task.key == over.key and one.state == "open":
                    one.state = over.result

    def _of_task(self, given: GivenTask, kind: type[TaskDone] | type[TaskLate], actor: str, **more: int) -> None:
        case = next(each for each in self.cases if each.reference == given.of)
        unit = given.task.unit or UNIT
        self._announce(case, kind, actor, plugin=given.plugin, key=given.task.key, unit=unit, **more)

    def _moments(self, case: Case) -> list[datetime]:
        found = [each.moment for each in self.tasks if each.of == case.reference]
        return [*super()._moments(case), *(each for each in found if each is not None)]

    def _wake(self, case: Case) -> None:
        super()._wake(case)
        for each in self.tasks:
            if each.of == case.reference and (at := each.moment) is not None and at <= self.now:
                share = each.task.escalate[each.escalated].at
                each.escalated += 1
                self._of_task(each, TaskLate, "system", share=share)

    def _come_true(
        self, case: Case, effects: Effects, actor: str, *, moved: bool = False, closing: bool = False
    ) -> None:
        for each in self.tasks if closing else ():
            if each.of == case.reference and each.state == "open":
                each.state = "withdrawn"
        super()._come_true(case, effects, actor, moved=moved, closing=closing)
