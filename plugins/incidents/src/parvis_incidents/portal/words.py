"""The box of what the town has said of an incident, on its public page."""

from parvis.i18n import gettext
from parvis.requests.records import Record
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
from parvis_incidents.incidents import title_of, words_said
from parvis_incidents.matching import INCIDENT


async def words_panel(here: Visit, record: Record) -> Panel:
    """The newest first."""
    words = (await words_said(record))[::-1]
    values = {"heading": title_of(here.town, record), "follow": gettext("Follow this incident"), "words": words}
    return Panel(template="incidents/words.html", values=values)


PANEL: PagePanel[Visit, Record] = PagePanel(
    slot="portal.request",
    name="incident",
    title=lambda: gettext("Information from the town"),
    applies=lambda here, record: record.type == INCIDENT,
    draw=words_panel,
)
