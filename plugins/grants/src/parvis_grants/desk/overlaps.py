"""The panel of what overlaps a request on the ground and in its days, as an agent or a reviewer sees it."""

from typing import Any, Protocol

from parvis.i18n import format_date, gettext, say
from parvis.requests.records import Record
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_grants.overlapping import overlapping
from parvis_sdk.request_types import RequestType


class OfRequest(Protocol):
    """What a page is about: a request, or an opinion on one."""

    @property
    def record(self) -> Record: ...
    @property
    def request_type(self) -> RequestType: ...


async def overlaps_panel(room: DeskContext, case: OfRequest) -> Panel | None:
    """That nothing overlaps is worth saying."""
    found = [
        {
            "reference": each.reference,
            "title": say(each.title),
            "state": say(each.state_title),
            "address": each.address,
            "days": gettext("%(first)s to %(last)s")
            % {"first": format_date(each.first, "medium"), "last": format_date(each.last, "medium")},
            "square_metres": each.square_metres,
            "metres": each.metres,
        }
        for each in await overlapping(room.host, case.record, case.request_type, room.viewer)
    ]
    return Panel(template="grants/overlaps.html", values={"overlaps": found})


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="overlaps",
    after="joined",
    title=lambda: gettext("Same place, same dates"),
    applies=lambda room, case: case.request_type.overlaps is not None,
    draw=overlaps_panel,
)
TASK_PANEL: PagePanel[DeskContext, Any] = PagePanel(
    slot="desk.task",
    name="overlaps",
    title=lambda: gettext("Same place, same dates"),
    applies=lambda room, task: task.request_type.overlaps is not None,
    draw=overlaps_panel,
)
