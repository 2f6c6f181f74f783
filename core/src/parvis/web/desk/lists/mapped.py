"""The queue on a map: the very list that the address asks for, where its requests are."""

from typing import Any

from litestar import Response, get

from parvis.people.agents import agents
from parvis.requests.lists.mapped import grouped
from parvis.web.desk.context import QUEUE, AtDesk, case_path
from parvis.web.desk.lists.filters import FilterContext, asked_in, chips_of, filters_in
from parvis.web.grouping import seen, told
from parvis.web.pages import AnyRequest

MAP = f"{QUEUE}/carte"
POINTS = f"{MAP}/points"


@get(MAP)
async def show_map(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The map, with the filters in force and the way back to the list."""
    room.demand("see")
    asked = asked_in(room, request.query_params.multi_items()).with_(apres="", tri="")
    context = FilterContext(room=room, colleagues=await agents(room.host.engine, room.town.code))
    return room.show(
        "desk/map.html",
        chips=await chips_of(context, asked, MAP),
        as_list=asked.address(QUEUE),
        groups=asked.address(POINTS),
    )


@get(POINTS)
async def points(room: AtDesk, request: AnyRequest) -> Response[dict[str, Any]]:
    """Where the requests of the list are, those close together as one, for a map at this `zoom`."""
    room.demand("see")
    asked = asked_in(room, request.query_params.multi_items())
    filters, cells = seen(request.query_params, filters_in(room, asked))
    found = await grouped(room.host, room.viewer, room.town.code, filters, cells)
    return told(found, room.language, case_path, "private, no-store")
