"""On site: the round of the day for a phone, and checklists that are kept there until they can be sent."""

from typing import Any

from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.desk.room import AT_THE_DESK, Room
from parvis.web.doors.guard import door
from parvis.web.errors import refused_in
from parvis.web.places import handlers_in
from parvis.web.routers import NO_PACKAGES, routers


def routes() -> list[Any]:
    """Everything behind the same door as the desk."""
    refusing: ExceptionHandlersMap = {HTTPException: refused_in(Room, "desk/error.html")}
    return routers(handlers_in(__name__), NO_PACKAGES, door(), refusing=refusing, given=AT_THE_DESK)
