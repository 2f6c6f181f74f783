"""The pages of those who run the installation, and what machines ask it: how it is, and its measures."""

from typing import Any

from litestar import Router
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.doors.guard import door
from parvis.web.errors import refused_in
from parvis.web.operators import machines
from parvis.web.operators.room import Room
from parvis.web.places import handlers_in


def routes() -> list[Any]:
    """The pages stand behind a door; what monitors ask stands before it."""
    before_it = handlers_in(machines.__name__)
    refusing: ExceptionHandlersMap = {HTTPException: refused_in(Room, "error.html")}
    behind = Router(
        "/",
        route_handlers=handlers_in(__name__, but=before_it),
        before_request=door("operate", anywhere=True),
        exception_handlers=refusing,
    )
    return [behind, *before_it]
