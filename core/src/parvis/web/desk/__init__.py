"""The desk of the people of the town: the queue, one request, figures, one's own account."""

from collections.abc import Mapping
from typing import Any

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from parvis.web.desk.context import AT_THE_DESK, DeskContext, count_waiting
from parvis.web.desk.lists.tabs import counts_at
from parvis.web.errors import refused_in
from parvis.web.pages import AnyRequest
from parvis.web.places import handlers_in
from parvis.web.routers import NO_PACKAGES, routers
from parvis.web.sign_in.guard import door

at_door = door()


def routes(packages: Mapping[str, str] = NO_PACKAGES) -> list[Any]:
    """Everything behind the sign-in of the desk, with the pages that modules bring."""
    refusing: ExceptionHandlersMap = {HTTPException: refused_in(DeskContext, "desk/error.html")}
    return routers(handlers_in(__name__), packages, _let_in, refusing=refusing, given=AT_THE_DESK)


async def _let_in(request: AnyRequest) -> Response[Any] | None:
    """The guard, and behind it what the menu of every page tells."""
    turned_away = await at_door(request)
    if turned_away is None:
        await count_waiting(request, counts_at)
    return turned_away
