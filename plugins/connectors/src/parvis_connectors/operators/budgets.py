"""On the page of plugins: what each used today beside its budget; on the overview, how many are beyond it."""

from parvis.i18n import gettext, ngettext
from parvis.web.operators.context import PLUGINS, OperatorContext
from parvis.web.operators.overview import Concern
from parvis.web.panels import PagePanel, Panel
from parvis_connectors.plugin_days import usages


async def count(room: OperatorContext) -> int:
    """How many use more than they may."""
    return sum(bool(each.beyond) for each in await usages(room.host))


async def usage_box(room: OperatorContext, about: None) -> Panel | None:
    """A line for each that used something or has a budget."""
    found = await usages(room.host)
    return Panel(template="connectors/usages.html", values={"usages": found}) if found else None


BEYOND = Concern(
    slot="operators.overview",
    name="budgets",
    count=count,
    words=lambda many: (
        ngettext("%(num)s plugin is over budget", "%(num)s plugins are over budget", many) % {"num": many}
    ),
    href=PLUGINS,
)
USAGES: PagePanel[OperatorContext, None] = PagePanel(
    slot="operators.plugins", name="usages", title=lambda: gettext("Plugin usage today"), draw=usage_box
)
