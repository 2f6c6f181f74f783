"""What the heart refuses by raising, because it is seldom and no page asks about it, as people and programs read it."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from parvis.requests.attached.attachments import FilesGone
from parvis.requests.changing import AN_HOUR, AlreadyErased, NoSuchRequest, TooManyChanges
from parvis.web.errors import answer

AnyRequest = Request[Any, Any, Any]


def no_such_request(request: AnyRequest, error: NoSuchRequest) -> Response[Any]:
    return answer(request, HTTPStatus.NOT_FOUND, "There is no such request.")


def already_erased(request: AnyRequest, error: AlreadyErased) -> Response[Any]:
    detail = "The personal data of this request was destroyed; it takes nothing more in."
    return answer(request, HTTPStatus.GONE, detail)


def too_many_changes(request: AnyRequest, error: TooManyChanges) -> Response[Any]:
    wait = str(int(AN_HOUR.total_seconds()))
    detail = "Too much was written to this request within the hour."
    return answer(request, HTTPStatus.TOO_MANY_REQUESTS, detail, {"retry-after": wait})


def files_gone(request: AnyRequest, error: FilesGone) -> Response[Any]:
    detail = "A file that was named is no longer there; send it again."
    extra = [{"path": "files", "code": "file_missing", "message": detail}]
    return answer(request, HTTPStatus.CONFLICT, detail, extra=extra)


REFUSALS: ExceptionHandlersMap = {
    NoSuchRequest: no_such_request,
    AlreadyErased: already_erased,
    TooManyChanges: too_many_changes,
    FilesGone: files_gone,
}
