"""The box of the operations that are under way for a service, on its page."""

from parvis import clock
from parvis.i18n import gettext
from parvis.web.addresses import address
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import Visit
from parvis_incidents.operations import operations_under_way
from parvis_sdk.request_types import RequestType

MOST = 8


async def operations_panel(here: Visit, request_type: RequestType) -> Panel | None:
    """What is under way in any zone."""
    found = (await operations_under_way(here.host, here.town, request_type, clock.now()))[:MOST]
    if not found:
        return None
    shown = [(each, address(here.language, ":public", each.reference)) for each in found]
    return Panel(template="incidents/operations.html", values={"operations": shown})


PANEL: PagePanel[Visit, RequestType] = PagePanel(
    slot="portal.service",
    name="operations",
    title=lambda: gettext("In progress"),
    applies=lambda here, request_type: bool(request_type.operations),
    draw=operations_panel,
)
