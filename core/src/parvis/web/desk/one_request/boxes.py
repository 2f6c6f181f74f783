"""Boxes of the page of one request: response times, open ones nearby, why this unit has it, no erasure."""

import msgspec

from parvis.i18n import gettext, ngettext
from parvis.privacy.data_request import CODE
from parvis.requests.keeping.retention import has_disposal
from parvis.web.clocks import clock_panel
from parvis.web.desk.context import DeskContext, title_of, unit_name
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.text import Text


async def near_panel(room: DeskContext, case: Case) -> Panel | None:
    """The nearest first, each with its distance."""
    lines = [
        {
            "reference": each.reference,
            "title": title_of(room, each.type),
            "metres": each.metres,
            "submitted_at": each.submitted_at,
            "address": each.address,
        }
        for each in case.near
    ]
    return Panel(template="parts/near.html", values={"near": lines})


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="near",
    after="public-page",
    title=lambda: gettext("Open requests nearby"),
    applies=lambda room, case: bool(case.near),
    draw=near_panel,
)


async def routed_panel(room: DeskContext, case: Case) -> Panel | None:
    """The last decision of the rules, as the history keeps it; none of a request that came in before there were any."""
    said = next((line.details["routed"] for line in reversed(case.story) if "routed" in line.details), None)
    if said is None:
        return None
    words = msgspec.convert(said["words"], Text)
    among = said.get("among", 0)
    shared = ngettext("Assigned to the person named", "Assigned to one of %(num)s people", among) % {"num": among}
    values = {
        "words": words,
        "unit": unit_name(room.town, said["unit"]),
        "version": said["version"],
        "shared": shared if said.get("assignee") else "",
        "by_load": said.get("share") == "load",
        "nobody": "share" in said and not said["assignee"],
    }
    return Panel(template="parts/routed.html", values=values, weight="quiet")


ROUTED_PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="routed",
    title=lambda: gettext("Reason for this unit"),
    draw=routed_panel,
)


async def no_disposal_panel(room: DeskContext, case: Case) -> Panel | None:
    """For those who answer people's requests about their own information."""
    if not (room.may("reveal", case.record) or room.may("privacy", case.record)):
        return None
    return Panel(template="parts/no_disposal.html", values={})


def _is_not_erased(room: DeskContext, case: Case) -> bool:
    record = case.record
    return record.type == CODE and record.erased_at is None and not has_disposal(room.host, room.town)


NO_DISPOSAL_PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="no_disposal",
    title=lambda: gettext("Erasure is not available here"),
    applies=_is_not_erased,
    draw=no_disposal_panel,
)


DELAYS_PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="delays",
    after="joined",
    title=lambda: gettext("Response times"),
    draw=lambda room, case: clock_panel(room.host, case.record, case.request_type, room.viewer),
)
