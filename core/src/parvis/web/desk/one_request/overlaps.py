"""The panel of what overlaps a request on the ground and in its days, as an agent sees it."""

from parvis.i18n import format_date, gettext, say
from parvis.requests.granted.overlapping import overlapping
from parvis.requests.heart import Heart
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer
from parvis.web.panels import Panel
from parvis_sdk.request_types import RequestType


async def overlaps_panel(heart: Heart, record: Record, kind: RequestType, viewer: Viewer) -> Panel | None:
    """None where the type declares no overlaps; that nothing overlaps is worth saying."""
    if kind.overlaps is None:
        return None
    found = [
        {
            "reference": each.reference,
            "title": say(each.title),
            "state": say(each.state_title),
            "address": each.address,
            "days": gettext("%(first)s to %(last)s")
            % {"first": format_date(each.first, "medium"), "last": format_date(each.last, "medium")},
            "square_metres": each.square_metres,
        }
        for each in await overlapping(heart, record, kind, viewer)
    ]
    return Panel(template="parts/overlaps.html", values={"overlaps": found})
