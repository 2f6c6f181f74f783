"""The end of a report by mail, by the link in it: a page with a button, for robots open links; or by a mail program."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.composition import Deployment
from parvis.requests.links import REPORTS, is_dated_key, was_dated_key
from parvis.requests.references import is_key
from parvis.web.pages import AnyRequest
from parvis_dashboards.wanted import stop

STOP = f"/{REPORTS}/{{id:uuid}}/{{mark:str}}"


@get(STOP)
async def ask_to_stop(request: AnyRequest, id: FromPath[UUID], mark: FromPath[str]) -> Response[Any]:
    return _page(request, id, mark, stopped=False)


@post(STOP, status_code=200, opt={"one_click": True})
async def stop_by_link(request: AnyRequest, id: FromPath[UUID], mark: FromPath[str]) -> Response[Any]:
    """Stopped, whether or not it was before."""
    if opens := _opens(request, id, mark):
        deployment: Deployment = request.app.state.deployment
        await stop(deployment.host.engine, id)
    return _page(request, id, mark, stopped=opens)


def _opens(request: AnyRequest, id: UUID, mark: str) -> bool:
    """Whether this link still stops the report; False once it has expired. Older links have no expiry."""
    secret = request.app.state.deployment.host.secret
    if is_dated_key(secret, "report", id, mark) or is_key(secret, id, mark):
        return True
    if not was_dated_key(secret, "report", id, mark):
        raise NotFoundException("There is no such report.")
    return False


def _page(request: AnyRequest, id: UUID, mark: str, *, stopped: bool) -> Response[Any]:
    pages, is_over = request.app.state.pages, not _opens(request, id, mark)
    page: Response[Any] = pages.render(
        request,
        "dashboards/stop_report.html",
        status=404 if is_over else 200,
        keep=False,
        menu=[],
        alternates={},
        stopped=stopped,
        is_over=is_over,
        action=f"/{REPORTS}/{id}/{mark}",
    )
    return page
