"""The overview: what needs somebody now, how much waits, and what runs where."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from litestar import Response, get
from msgspec import Struct, structs

from parvis import __version__
from parvis.i18n import format_list, gettext, say
from parvis.installation import ChoreRun, ran
from parvis.outbox import Counts, circuits, counts
from parvis.outbox.clock_watch import standing
from parvis.plugins.trying import Failure
from parvis.requests.keeping.retention import count_overdue
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext
from parvis.web.operators.measures import AnswerWatch, Guard, PluginWaits, Pulse, feel, feel_guard
from parvis.web.pages import AnyRequest
from parvis.web.panels import tried
from parvis.web.places import ITS_NAME, SlotItem


class Wrong(Struct, frozen=True, kw_only=True):
    """What needs somebody, counted."""

    worker: bool
    dead: int
    plugins: int
    circuits: int
    chores: int
    complaints: int
    ends: int
    antivirus: bool
    held: int
    clock: bool = False
    overdue: int = 0
    waiting: int = 0

    @property
    def nothing(self) -> bool:
        return not any(structs.astuple(self))


class Concern(SlotItem, frozen=True, kw_only=True):
    """What of a module needs somebody, in the slot `operators.overview`: how many, the sentence, where it is seen."""

    IF_BROKEN = {"words": ITS_NAME}
    count: Callable[[OperatorContext], Awaitable[int]]
    words: Callable[[int], str]
    href: str


async def counted_concerns(room: OperatorContext) -> list[tuple[str, str]]:
    """The sentence of each that needs somebody, and where it is seen; one that cannot be counted says its name."""
    found = []
    for each in room.nouns(Concern, "operators.overview"):
        done = await tried(each.owner, each.name, partial(each.count, room))
        if isinstance(done, Failure):
            found.append((gettext("%(name)s: could not be counted.") % {"name": each.name}, each.href))
        elif done.value:
            found.append((each.words(done.value), each.href))
    return found


@get(HOME)
async def show_overview(room: AtOperations, request: AnyRequest) -> Response[Any]:
    pulse, counted = await feel(request.app.state.deployment.host.engine, request.app.state.began), await counts()
    guard = await feel_guard(room.host)
    chores, failing = await ran(), await circuits.states()
    opened = sum(each.is_open for each in failing)
    concerns = await counted_concerns(room)
    waiting = sum(each.count for each in await room.host.of(PluginWaits).now(room.host.plugins))
    engine = room.host.engine.engine_type
    watches = request.app.state.nouns.of(AnswerWatch, "operators.answers")
    return room.show(
        "overview.html",
        wrong=structs.replace(
            _wrong(room, pulse, counted, opened, chores, guard),
            waiting=waiting,
            clock=(await standing(room.host.engine)).is_doubted,
            overdue=await count_overdue(room.host, room.towns),
        ),
        concerns=concerns,
        counted=counted,
        pulse=pulse,
        guard=guard,
        scanner=say(guard.title),
        store=say(room.host.files.title),
        began=request.app.state.began,
        monitored=format_list(["/health", *(each.address for each in watches)]),
        version=__version__,
        engine={"sqlite": "SQLite", "postgres": "PostgreSQL"}.get(engine, engine),
    )


def _wrong(
    room: OperatorContext, pulse: Pulse, counted: Counts, opened: int, chores: tuple[ChoreRun, ...], guard: Guard
) -> Wrong:
    severe = sum(trouble.severe for trouble in room.host.plugins.troubles)
    return Wrong(
        worker=pulse.worker == "away",
        dead=counted.dead,
        plugins=severe,
        circuits=opened,
        chores=sum(each.has_failed for each in chores),
        complaints=len(room.host.plugins.troubles) - severe,
        ends=len(room.deployment.to_mend),
        antivirus=guard.scanner == "away",
        held=guard.held.count if guard.is_long else 0,
    )


LINK = PageLink(slot="operators.menu", path=HOME, text=lambda: gettext("Overview"))
