"""The end of a report by mail, by the link in it: a page with a button, for robots open links."""

import hmac
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.host import Host
from parvis.insights.reports import stop
from parvis.requests.links import REPORTS
from parvis.requests.references import key_for
from parvis.web.pages import AnyRequest

STOP = f"/{REPORTS}/{{id:uuid}}/{{mark:str}}"


@get(STOP)
async def ask_to_stop(request: AnyRequest, id: FromPath[UUID], mark: FromPath[str]) -> Response[Any]:
    _check(request, id, mark)
    return _page(request, id, mark, stopped=False)


@post(STOP, status_code=200)
async def stop_by_link(request: AnyRequest, id: FromPath[UUID], mark: FromPath[str]) -> Response[Any]:
    """Stopped, whether or not it was before."""
    _check(request, id, mark)
    host: Host = request.app.state.host
    await stop(host.heart.engine, id)
    return _page(request, id, mark, stopped=True)


def _check(request: AnyRequest, id: UUID, mark: str) -> None:
    host: Host = request.app.state.host
    if not hmac.compare_digest(key_for(host.heart.secret, id).encode(), mark.encode()):
        raise NotFoundException("There is no such report.")


def _page(request: AnyRequest, id: UUID, mark: str, *, stopped: bool) -> Response[Any]:
    pages = request.app.state.pages
    action = f"/{REPORTS}/{id}/{mark}"
    page: Response[Any] = pages.render(
        request, "doors/stop_report.html", keep=False, menu=[], alternates={}, stopped=stopped, action=action
    )
    return page
