"""The box beside an operation of the town: open requests that it answers, to be settled together when it is over."""

from parvis.requests.heart import types_of
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import Record
from parvis.web.desk.lists.filtering import Asked
from parvis.web.desk.room import QUEUE, Room
from parvis.web.panels import Panel
from parvis_sdk.about import ZONES


async def operation_panel(room: Room, record: Record) -> Panel | None:
    """None beside anything else."""
    answered = tuple(kind.code for kind in types_of(room.heart, room.town) if record.type in kind.operations)
    if not answered or record.erased_at is not None:
        return None
    zones = tuple(record.answers.get(ZONES) or ())
    filters = Filters(types=answered, zones=zones, open=True)
    found = await queue(room.heart, room.viewer, room.town.code, filters, limit=1)
    asked = Asked().with_(type=answered, zone=zones)
    values = {
        "total": found.total,
        "as_list": asked.address(QUEUE),
        "many": f"{asked.address(f'{QUEUE}/plusieurs')}&tous=1",
        "changes": not room.rights.isdisjoint(("work", "assign")),
    }
    return Panel(template="parts/operation.html", values=values)
