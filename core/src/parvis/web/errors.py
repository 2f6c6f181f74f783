"""How every error is answered: a page for people, problem details (RFC 9457) for programs, never a stack."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException
from litestar.types import ExceptionHandlersMap

from parvis.i18n import gettext
from parvis.requests.attached.attachments import FilesGone
from parvis.requests.changing import AN_HOUR, AlreadyErased, NoSuchRequest, TooManyChanges
from parvis.web.pages import Pages, language_of
from parvis.web.town import find_town

PROBLEM = "application/problem+json"
_OF_STATUS = {
    400: "unreadable",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    410: "erased",
    413: "too_large",
    415: "not_json",
    422: "invalid",
    429: "too_many",
    500: "failed",
    503: "unavailable",
}
ASKED_TOO_OFTEN = "900"  # seconds, where nothing says when the next attempt is allowed
log = structlog.get_logger("parvis.web")


def refused(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """What was asked cannot be answered, and we know why."""
    note(error)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        headers.setdefault("retry-after", ASKED_TOO_OFTEN)
    return answer(request, error.status_code, error.detail, headers, error.extra)


class SwitchedOff(NotFoundException):
    """A form was sent to a page of a module that was switched off while somebody filled it in."""


def switched_off(request: Request[Any, Any, Any], error: SwitchedOff) -> Response[Any]:
    """Who has typed reads that nothing was kept, and where it still is; a wrong address is not what is wrong."""
    return answer(request, error.status_code, error.detail, words="off")


def refused_in(
    room: Callable[[Request[Any, Any, Any]], Any], template: str
) -> Callable[[Request[Any, Any, Any], HTTPException], Response[Any]]:
    """The same where pages know who is there: the menu of their room stays at hand."""

    def refused_here(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
        if "person" not in request.state or not wants_page(request):
            return refused(request, error)
        note(error)
        shown: Response[Any] = room(request).show(
            template, status=error.status_code, headers=dict(error.headers or {}), status_code=error.status_code
        )
        return shown

    return refused_here


def note(error: HTTPException) -> None:
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("answer", status=error.status_code, detail=error.detail)


def unreadable(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """JSON nested too deep, or bytes that are no text: the sender's mistake, not ours."""
    return answer(request, HTTPStatus.BAD_REQUEST, gettext("What was sent could not be read."))


def crashed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Something of ours broke: the log has it all, the person has the id to quote."""
    log.error("crash", exc_info=error)
    return answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, gettext("Something went wrong on our side."))


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    SwitchedOff: switched_off,
    HTTPException: refused,
    RecursionError: unreadable,
    UnicodeDecodeError: unreadable,
    Exception: crashed,
}


# What Litestar says where nobody has said more, which the library of Python names otherwise since 3.13.
_OF_LITESTAR = {413: "Request Entity Too Large"}


def answer(
    request: Request[Any, Any, Any],
    status: int,
    detail: str,
    headers: dict[str, str] | None = None,
    extra: Any = None,
    words: str = "",
) -> Response[Any]:
    """`words` name what is said to people where the status alone says too little."""
    if wants_page(request):
        pages: Pages = request.app.state.pages
        words = words or ("form" if status == HTTPStatus.FORBIDDEN and request.method == "POST" else "")
        said: dict[str, Any] = {"status_code": status, "words": words or status}
        return pages.render(request, "error.html", status=status, headers=headers, keep=False, **said)
    # Nobody has said more: it was refused before an operation was found.
    if detail in (HTTPStatus(status).phrase, _OF_LITESTAR.get(status)):
        there: Pages = request.app.state.pages
        language = language_of(request, find_town(there.jurisdictions, request.scope))
        headers = {"content-language": language, **(headers or {})}
        with there.catalogues.speaking(language):
            known = {
                404: gettext("There is nothing at this address."),
                405: gettext("This method is not allowed here."),
                413: gettext("What was sent is too large."),
            }
            detail = known.get(status, detail)
    body = problem(status, detail, request.url.path, extra)
    if request_id := request.scope["state"].get("request_id"):
        body["request_id"] = request_id
    return Response(body, status_code=status, media_type=PROBLEM, headers=headers)


def problem(status: int, detail: str, path: str, extra: Any = None) -> dict[str, Any]:
    """The details of a problem, as the standard names them, with each fault of what was sent."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail}
    return told | {"instance": path, "errors": _faults(status, detail, extra)}


def _faults(status: int, detail: str, extra: Any) -> list[dict[str, str]]:
    """Each thing that is wrong, by its place and its kind; where nothing was said of it, the whole by its status."""
    told = extra if isinstance(extra, list) and extra else [{}]
    return [
        {
            "path": str(each.get("path", each.get("key", ""))),
            "code": str(each.get("code", "")) or _OF_STATUS.get(status, "refused"),
            "message": str(each.get("message", "")) or detail,
        }
        for each in told
    ]


def wants_page(request: Request[Any, Any, Any]) -> bool:
    """Browsers ask for HTML by name; a path of the API always answers in JSON."""
    return "text/html" in request.headers.get("accept", "") and not for_programs(request.url.path)


def for_programs(path: str) -> bool:
    """Whether programs alone go there."""
    return path.startswith(("/api/", "/open311/"))


AnyRequest = Request[Any, Any, Any]


def no_such_request(request: AnyRequest, error: NoSuchRequest) -> Response[Any]:
    return answer(request, HTTPStatus.NOT_FOUND, gettext("There is no such request, or you may not see it."))


def already_erased(request: AnyRequest, error: AlreadyErased) -> Response[Any]:
    detail = gettext("The personal information of this request was destroyed: nothing can be added to it.")
    return answer(request, HTTPStatus.GONE, detail)


def too_many_changes(request: AnyRequest, error: TooManyChanges) -> Response[Any]:
    wait = str(int(AN_HOUR.total_seconds()))
    detail = gettext("Too many messages were written to this request in the past hour.")
    return answer(request, HTTPStatus.TOO_MANY_REQUESTS, detail, {"retry-after": wait})


def files_gone(request: AnyRequest, error: FilesGone) -> Response[Any]:
    detail = gettext("A file that was named is no longer there; send it again: {file}").format(file=str(error)[:200])
    extra = [{"path": "files", "code": "file_missing", "message": detail}]
    return answer(request, HTTPStatus.CONFLICT, detail, extra=extra)


REFUSALS: ExceptionHandlersMap = {
    NoSuchRequest: no_such_request,
    AlreadyErased: already_erased,
    TooManyChanges: too_many_changes,
    FilesGone: files_gone,
}
