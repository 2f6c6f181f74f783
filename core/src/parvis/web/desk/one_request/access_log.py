"""Who has looked at a request, for those who answer for it."""

from typing import Any

from litestar import Response, get
from litestar.exceptions import ClientException
from litestar.params import FromPath

from parvis.requests.access_log.reading import looks_at
from parvis.requests.access_log.recording import AccessLog
from parvis.requests.lists.cursors import BadCursor
from parvis.web.desk.context import AtDesk, case_path
from parvis.web.desk.one_request.forms import CASE
from parvis.web.look_words import what_words
from parvis.web.pages import AnyRequest


@get(f"{CASE}/consultations")
async def show_looks(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The latest first, a page at a time; whoever reads this has looked too."""
    record = await room.record(reference, "report")
    try:
        lines, after = await looks_at(record.id, request.query_params.get("apres", ""))
    except BadCursor as error:
        raise ClientException("This address is none that a page here has given.") from error
    here = case_path(record.reference, "consultations")
    return room.show(
        "desk/looked.html",
        record=record,
        lines=lines,
        what_words=what_words,
        later=here if request.query_params.get("apres") else "",
        earlier=f"{here}?apres={after}#main" if after else "",
        days=room.heart.of(AccessLog).days,
    )
