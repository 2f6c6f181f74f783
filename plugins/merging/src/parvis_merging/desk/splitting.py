"""Making another request of a part of one: chosen words and files, a type, the same person."""

import secrets
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from parvis import i18n
from parvis.i18n import gettext
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.offered import is_declared, types_of
from parvis.requests.records import Record
from parvis.requests.visibility import answers_for
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.done_messages import SLOT
from parvis.web.desk.one_request.forms import CASE, version_in, words_in
from parvis.web.desk.one_request.telling import file_at_desk
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_merging.splitting import MOST_WORDS, Part, files_offered, question_for_words, split_off
from parvis_sdk.counter import Receipt
from parvis_sdk.problems import Problems
from parvis_sdk.text_normalisation import fold


@get(f"{CASE}/partage")
async def show_split(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """The words of the request, to keep of them what the new one is about."""
    record = await room.record(reference, "work")
    words = await _words_of(room, record)
    values = {"type": record.type, "words": words, "files": (), "mark": secrets.token_hex(8)}
    return await _page(room, record, values)


@post(f"{CASE}/partage")
async def split_request(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    record, sent = await room.record(reference, "work"), await typed(request)
    part = Part(type=sent.text("type"), words=words_in(sent)[:MOST_WORDS], files=_several(sent, "files"))
    mark = sent.text("mark")[:40]
    values: dict[str, Any] = {"type": part.type, "words": part.words, "files": part.files, "mark": mark}
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, record, values, problems=seen)
    # Of one page, what is typed differently after it was sent is another part; the same is a press that came twice.
    answer = await split_off(
        room.host,
        room.viewer,
        record,
        part,
        actor=room.actor,
        mark=f"{mark}:{part.digest}" if mark else "",
        expected=seen,
    )
    if isinstance(answer, Receipt):
        return go(case_path(record.reference) + "?fait=tiree#main")
    if isinstance(answer, Conflict):
        return await _page(room, record, values, changed=True)
    return await _page(room, record, values, problems=answer)


def _several(sent: FormInput, name: str) -> tuple[str, ...]:
    given = sent.values.get(name, ())
    return (given,) if isinstance(given, str) else tuple(str(each) for each in given)


async def _words_of(room: DeskContext, record: Record) -> str:
    """What the person wrote in the answer that describes it, as far as this viewer may read it."""
    request_type = await type_of_record(room.host, record)
    seen = answers_for(room.viewer, record, request_type, room.host.jurisdictions)
    asked = question_for_words(request_type)
    return str(seen.get(asked.code, "")) if asked else ""


async def _files(room: DeskContext, record: Record) -> list[dict[str, Any]]:
    """The files that may go along, as far as this viewer may have them."""
    return [file_at_desk(one.attachment) for one in await files_offered(room.host, room.viewer, record)]


async def _page(
    room: DeskContext,
    record: Record,
    values: dict[str, Any],
    *,
    problems: Problems | None = None,
    changed: bool = False,
) -> Response[Any]:
    room.writes(record)
    titles = [(one.code, i18n.say(one.title)) for one in types_of(room.host, room.town) if not is_declared(one)]
    return room.show(
        "merging/split.html",
        status=422 if problems else 409 if changed else 200,
        record=record,
        values=values,
        types=sorted(titles, key=lambda one: fold(one[1])),
        files=await _files(room, record),
        problems=problems,
        changed=changed,
    )


MESSAGE = DoneMessage(
    slot=SLOT,
    name="tiree",
    text=lambda: gettext(
        "The new request was created, and the requester is notified. It is listed under “Linked requests”."
    ),
)
