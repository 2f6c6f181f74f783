"""The box of the incidents that a request belongs to, on its private page."""

from parvis.i18n import gettext
from parvis.requests.rows_there import RowsOf
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
from parvis.web.track.keys import TrackedRequest
from parvis_incidents.incidents import incidents_with


async def belonging_panel(here: Visit, found: TrackedRequest) -> Panel | None:
    """With the latest word of each."""
    theirs = [each for each in await incidents_with(here.host, here.town, found.record.id) if each.is_in]
    return Panel(template="incidents/belonging.html", values={"incidents": theirs}) if theirs else None


PANEL: PagePanel[Visit, TrackedRequest] = PagePanel(
    slot="tracking.request",
    name="incidents",
    after="joined",
    title=lambda: gettext("Incident"),
    rows=(RowsOf("incident_request"),),
    draw=belonging_panel,
)
