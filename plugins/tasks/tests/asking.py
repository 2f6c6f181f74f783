"""A plugin that answers what a test says, and short ways to hear of it."""

from datetime import UTC, datetime
from typing import Any

from parvis import clock
from parvis.plugins import DiscoveredPlugin
from parvis.requests.history import entries_of
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import SYSTEM_VIEWER
from parvis.requests.work.conversation import note
from parvis.worker import Limits, Relay
from parvis_sdk.events import Moved, Noted, Submitted, TaskDone, TaskLate
from parvis_sdk.hooks import hookimpl
from parvis_sdk.subscriptions import Outcome, on
from parvis_sdk.tasks import Task
from parvis_sdk.text import Text
from parvis_tasks.escalating import escalate_due
from parvis_tasks.kept_tasks import KeptTask, tasks_of
from parvis_testing.desk import ANA, Desk
from parvis_testing.town import HOLE, QUARREL, plugin_of, tell

MONDAY = datetime(2026, 9, 14, 14, tzinfo=UTC)
SAID: list[Outcome | None] = []
"""What the plugin answers next, to whatever it hears."""
HEARD: list[Any] = []


@on(Submitted, Moved, Noted, TaskDone, TaskLate, name="ask")
async def ask(event, request):
    HEARD.append(event)
    return SAID.pop(0) if SAID else None


def asking_plugin() -> DiscoveredPlugin:
    module = plugin_of(HOLE, QUARREL)
    module.subscriptions = hookimpl(lambda: [tell, ask])
    return DiscoveredPlugin.of("town", module)


def task(key: str = "look", title: str = "Voir le trou", **given: Any) -> Task:
    return Task(key=key, title=Text(fr=title, en="Look at the hole"), **given)


class AskingTown:
    """The town of the desk, and short ways to have its plugin ask for something."""

    def __init__(self, desk: Desk) -> None:
        SAID.clear()
        HEARD.clear()
        self.desk, self.host = desk, desk.host
        self.relay = Relay(desk.host, Limits(seconds=10.0), name="worker", luck=lambda: 0.5)

    async def asks(self, *outcomes: Outcome, unit: str = "roads") -> Record:
        """A request that the plugin subscribes to, answering this."""
        SAID.extend(outcomes)
        record = await self.desk.request("hole", unit)
        await self.relay.drain()
        return await self.desk.record(record.reference)

    async def says(self, record: Record, outcome: Outcome) -> None:
        """Another event about the request, which the plugin answers with this."""
        SAID.append(outcome)
        await note(self.host, record.reference, "Autre chose", actor=ANA)
        await self.relay.drain()

    async def tasks(self, record: Record) -> tuple[KeptTask, ...]:
        return await tasks_of(record)

    async def states(self, record: Record) -> list[tuple[str, str]]:
        return [(each.key, each.state) for each in await tasks_of(record)]

    async def kinds(self, record: Record) -> list[str]:
        return [each.kind for each in await entries_of(record)]

    async def told(self, record: Record) -> list[str]:
        """The titles and words of the history, in French."""
        lines = await story(self.host, await self.desk.record(record.reference), SYSTEM_VIEWER, "fr")
        return [f"{each.title} {each.words}".strip().replace("\u00a0", " ") for each in lines]

    async def at(self, moment: datetime) -> int:
        """What is escalated as that moment comes, and heard of."""
        with clock.moved_to(moment):
            done = await escalate_due(self.host)
            await self.relay.drain()
        return done

    def heard(self, noun: type) -> list[Any]:
        return [each for each in HEARD if isinstance(each, noun)]
