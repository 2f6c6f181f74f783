"""The panel that says by which rule a request came to its unit."""

import msgspec

from parvis.i18n import gettext, ngettext
from parvis.web.desk.context import DeskContext, unit_name
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.text import Text


async def routed_panel(room: DeskContext, case: Case) -> Panel | None:
    """The last decision of the rules, as the history keeps it; none of a request that came in before there were any."""
    said = next((line.details["routed"] for line in reversed(case.story) if "routed" in line.details), None)
    if said is None:
        return None
    words = msgspec.convert(said["words"], Text)
    among = said.get("among", 0)
    shared = ngettext("Given to one of %(num)s person", "Given to one of %(num)s persons", among) % {"num": among}
    values = {
        "words": words,
        "unit": unit_name(room.town, said["unit"]),
        "version": said["version"],
        "shared": shared if said.get("assignee") else "",
        "by_load": said.get("share") == "load",
        "nobody": "share" in said and not said["assignee"],
    }
    return Panel(template="parts/routed.html", values=values)


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="routed",
    title=lambda: gettext("Why this unit"),
    draw=routed_panel,
)
