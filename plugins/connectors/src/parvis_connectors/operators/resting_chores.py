"""On the page of plugins: chores that rest, each with why, and the button by which it begins again."""

from typing import Any

from litestar import Response, post

from parvis.i18n import gettext, ngettext
from parvis.web.operators.context import PLUGINS, AtOperations, OperatorContext, go
from parvis.web.operators.overview import Concern
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_connectors.plugin_chores import PluginChore, resting_here
from parvis_connectors.resting_chores import begin_again, noted

BEGIN = f"{PLUGINS}/taches"


async def resting(room: OperatorContext) -> tuple[PluginChore, ...]:
    """Those of the towns that the person runs."""
    there = {town.code for town in room.towns}
    return tuple(each for each in await resting_here(room.host) if each.town.code in there)


@post(BEGIN)
async def begin_chore_again(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """It is done again at its next turn."""
    name = (await typed(request)).text("tache")
    if any(each.name == name for each in await resting(room)):
        await begin_again(room.host.engine, name)
        room.note("begin chore again", chore=name)
    return go(PLUGINS)


async def count(room: OperatorContext) -> int:
    """How many rest."""
    return len(await resting(room))


async def resting_box(room: OperatorContext, about: None) -> Panel | None:
    """Those that rest; nothing where none does."""
    if not (found := await resting(room)):
        return None
    deaths = await noted()
    chores = [(each, deaths[each.of_version]) for each in found]
    return Panel(template="connectors/resting.html", values={"chores": chores, "path": BEGIN})


RESTING = Concern(
    slot="operators.overview",
    name="resting-chores",
    count=count,
    words=lambda many: (
        ngettext("%(num)s plugin task is suspended", "%(num)s plugin tasks are suspended", many) % {"num": many}
    ),
    href=PLUGINS,
)
BOX: PagePanel[OperatorContext, None] = PagePanel(
    slot="operators.plugins", name="resting-chores", title=lambda: gettext("Suspended tasks"), draw=resting_box
)
