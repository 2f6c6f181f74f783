"""Public pages that need somebody of the town: those reported, and free text to review before it is public."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import gettext, say
from parvis.requests.declarations import type_of_record
from parvis.requests.work.waiting import MANY
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, work
from parvis.web.desk.one_request.forms import words_in
from parvis.web.desk.one_request.public_page import told, words_of_page
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_public_requests import page_reports
from parvis_public_requests.page_reports import (
    MOST_WORDS,
    PUBLIC_PAGES,
    PageReport,
    open_reports,
    reports_waiting,
    settle_report,
)
from parvis_public_requests.waiting_words import words_to_read

MOST = 100


@get(PUBLIC_PAGES)
async def show_pages(room: AtDesk) -> Response[Any]:
    room.demand("amend")
    return await _page(room)


@post(f"{PUBLIC_PAGES}/{{id:uuid}}", status_code=200)
async def settle_page(room: AtDesk, request: AnyRequest, id: FromPath[UUID]) -> Response[Any]:
    """A page that is not of a request was looked into; why nothing was to be hidden stays."""
    room.demand("amend")
    reason = words_in(await typed(request), "reason")
    if not 0 < len(reason) <= MOST_WORDS:
        words = gettext("Enter a reason.") if not reason else gettext("The text is too long.")
        return await _page(room, failed=str(id), error=words, typed=reason[:MOST_WORDS])
    if not await settle_report(room.host, room.town, id, reason, room.person.name):
        raise NotFoundException("There is no such report.")
    return go(f"{PUBLIC_PAGES}?fait=1#main")


async def _page(room: DeskContext, *, failed: str = "", error: str = "", typed: str = "") -> Response[Any]:
    waiting = []
    for record in await words_to_read(room.scope("amend"), MOST):
        request_type = await type_of_record(room.host, record)
        waiting.append(
            {
                "reference": record.reference,
                "title": say(request_type.title),
                "at": record.submitted_at,
                "path": case_path(record.reference),
                "rows": words_of_page(request_type, record, {}),
            }
        )
    return room.show(
        "public_requests/public_pages.html",
        status=422 if error else 200,
        reports=[_line(each) for each in await open_reports(room.scope("amend"))],
        waiting=waiting,
        done=room.request.query_params.get("fait", ""),
        failed=failed,
        error=error,
        typed=typed,
    )


def _line(report: PageReport) -> dict[str, Any]:
    path = case_path(report.reference) + "#public-page" if report.reference else ""
    return told(page_reports.told(report)) | {
        "id": str(report.id),
        "page": report.page,
        "reference": report.reference,
        "path": path,
    }


LINK = PageLink(
    slot="desk.menu",
    path=PUBLIC_PAGES,
    guide="docs/privacy#what-everybody-sees",
    after="/bureau/ce-qui-traine",
    text=lambda: gettext("Public pages"),
    right="amend",
    icon="globe",
    group=work,
    waiting=lambda room: reports_waiting(room.scope("amend"), MANY),
)
