"""The session of somebody’s own page: a cookie that only these pages receive, short, for one address in one town."""

from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.types import ExceptionHandlersMap

from parvis.web.addresses import address
from parvis.web.portal.visit import Visit, see_other, visit
from parvis_my_requests.addresses import own
from parvis_my_requests.sessions import SESSION_LASTS, Owner, owner_of

AnyRequest = Request[Any, Any, Any]
COOKIE = "parvis_own"


class NotOpen(NotFoundException):
    """One of these pages was asked for without a session, or after its end."""

    def __init__(self) -> None:
        super().__init__("This page is not open.")


def to_entrance(request: AnyRequest, error: NotOpen) -> Response[Any]:
    """Back to where a link is asked for; what was being done is not done."""
    here = visit(request)
    return see_other(address(here.language, *own(), fin="1"), *cookies(here, ""))


TO_ENTRANCE: ExceptionHandlersMap = {NotOpen: to_entrance}
"""For every handler that `owner_or_out` stands in."""


def token_in(here: Visit) -> str:
    return str(here.request.cookies.get(COOKIE, ""))


async def owner(here: Visit) -> Owner | None:
    """Who has opened their page in this browser."""
    token = token_in(here)
    return await owner_of(here.host.engine, here.town.code, token) if token else None


async def owner_or_out(here: Visit) -> Owner:
    found = await owner(here)
    if found is None:
        raise NotOpen
    return found


def cookies(here: Visit, token: str) -> list[Cookie]:
    """One cookie for the pages of each language; an empty token takes them away."""
    seconds = int(SESSION_LASTS.total_seconds()) if token else 0
    return [
        Cookie(
            key=COOKIE,
            value=token,
            path=address(language, *own()),
            max_age=seconds,
            httponly=True,
            secure=here.secure,
            samesite="lax",
        )
        for language in here.town.languages
    ]
