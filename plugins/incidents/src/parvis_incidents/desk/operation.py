"""The box beside an operation of the town: open requests that it answers, to be settled together when it is over."""

from parvis.i18n import gettext
from parvis.requests.lists.search import Filters, queue
from parvis.requests.offered import types_of
from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.desk.lists.filtering import ListQuery
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel
from parvis_sdk.about import ZONES


async def operation_panel(room: DeskContext, case: Case) -> Panel | None:
    """None beside anything else."""
    record = case.record
    answered = tuple(
        request_type.code for request_type in types_of(room.host, room.town) if record.type in request_type.operations
    )
    if not answered:
        return None
    zones = tuple(record.answers.get(ZONES) or ())
    filters = Filters(types=answered, zones=zones, open=True)
    found = await queue(room.host, room.viewer, room.town.code, filters, limit=1)
    asked = ListQuery().with_(type=answered, zone=zones)
    values = {
        "total": found.total,
        "as_list": asked.address(QUEUE),
        "many": room.selection and f"{asked.address(room.selection.path)}&tous=1",
    }
    return Panel(template="incidents/operation.html", values=values)


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="operation",
    after="incidents",
    title=lambda: gettext("Requests in these sectors"),
    applies=lambda room, case: case.record.erased_at is None,
    draw=operation_panel,
)
