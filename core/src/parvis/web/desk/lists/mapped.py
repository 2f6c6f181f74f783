"""The queue on a map: the very list that the address asks for, where its requests are."""

from typing import Any

from litestar import Response, get

from parvis.people.agents import agents
from parvis.requests.lists.mapped import grouped
from parvis.web.desk.lists.filtering import chips, filters_of, read
from parvis.web.desk.lists.queue import words_of_filters
from parvis.web.desk.room import QUEUE, AtDesk, case_path
from parvis.web.grouping import seen, told
from parvis.web.pages import AnyRequest

MAP = f"{QUEUE}/carte"
POINTS = f"{MAP}/points"


@get(MAP)
async def show_map(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """The map, with the filters in force and the way back to the list."""
    room.demand("see")
    asked = read(request.query_params.multi_items()).with_(apres="", tri="")
    names = {one.id: one.name for one in await agents(room.heart.engine, room.town.code)}
    return room.show(
        "desk/map.html",
        chips=chips(asked, MAP, words_of_filters(room, names)),
        as_list=asked.address(QUEUE),
        groups=asked.address(POINTS),
    )


@get(POINTS)
async def points(room: AtDesk, request: AnyRequest) -> Response[dict[str, Any]]:
    """Where the requests of the list are, those close together as one, for a map at this `zoom`."""
    room.demand("see")
    asked = read(request.query_params.multi_items())
    filters, cells = seen(request.query_params, filters_of(asked, room.person.id, room.town, room.own_units))
    found = await grouped(room.heart, room.viewer, room.town.code, filters, cells)
    return told(found, room.language, case_path, "private, no-store")
