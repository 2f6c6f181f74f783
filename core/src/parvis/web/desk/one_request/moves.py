"""Making the transitions of the workflow from a request's page, with what each requires; shown to the person first."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis import i18n
from parvis.requests.declarations import type_of_record
from parvis.requests.lifecycle import make_move
from parvis.requests.payloads import texts_of
from parvis.requests.records import Record
from parvis.requests.visibility import mover_of
from parvis.web.answers import answer_words
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.one_request import uploads
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.case import MADE_BEFORE_SLOT, MovePreview
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.desk.one_request.showing import FormAttempt, show_case
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_sdk.fields import AnyField, LongText
from parvis_sdk.placeholders import fill_body, fill_subject
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Attachment
from parvis_sdk.standing_answers import tellable
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition


def preview_of_move(
    room: DeskContext,
    record: Record,
    request_type: RequestType,
    wanted: Transition,
    raw: Mapping[str, Any],
    files: Mapping[str, Attachment],
) -> dict[str, str] | Problems:
    """The message of a step with these answers, or what is wrong with them."""
    read = wanted.asks.read(raw, attachments=files)
    if isinstance(read, Problems):
        return read
    if not wanted.tell:
        return {"subject": "", "body": ""}
    with room.request.app.state.pages.catalogues.speaking(record.language, room.town.time_zone):
        told = tellable(wanted.asks, read.answers)
        given = {
            field.code: _plain(field, told[field.code], files) for field in wanted.asks.fields() if field.code in told
        }
        return _filled(room, record, request_type, wanted.code, wanted.target, given)


def preview_of_prepared(
    room: DeskContext,
    record: Record,
    request_type: RequestType,
    wanted: Transition,
    fact: str,
    said: Mapping[str, Text],
    raw: Mapping[str, Any],
) -> dict[str, str] | Problems:
    """The message of a step that sends what was prepared beside it; `said` fills in the words of the fact.

    Where the town has no words for the step, it says the reason and what the step itself was answered.
    """
    read = wanted.asks.read(raw)
    if isinstance(read, Problems):
        return read
    with room.request.app.state.pages.catalogues.speaking(record.language, room.town.time_zone):
        told = tellable(wanted.asks, read.answers)
        own = {field.code: _plain(field, told[field.code], {}) for field in wanted.asks.fields() if field.code in told}
        name = wanted.code if wanted.tell or request_type.message(wanted.code) else fact
        has_words = texts_of(request_type, room.town).get(name) is not None
        given = {each: text.to(record.language) for each, text in said.items() if has_words or each == "reason"}
        return _filled(room, record, request_type, name, wanted.target, given | own)


def preview_of_reply(room: DeskContext, record: Record, words: str) -> dict[str, str]:
    """A message written by hand is sent as it is written."""
    with room.request.app.state.pages.catalogues.speaking(record.language, room.town.time_zone):
        subject = i18n.gettext("Your request %(reference)s: a message from us") % {"reference": record.reference}
    return {"subject": subject, "body": words}


def _filled(
    room: DeskContext, record: Record, request_type: RequestType, name: str, target: str, given: Mapping[str, str]
) -> dict[str, str]:
    language = record.language
    texts = texts_of(request_type, room.town).get(name)
    state = request_type.workflow.state(target)
    if texts is None:
        story = (state.story or state.title).to(language)
        return {"subject": request_type.title.to(language), "body": "\n\n".join([story, *given.values()])}
    values = {
        "reason": "",
        **given,
        "reference": record.reference,
        "type": request_type.title.to(language),
        "state": state.title.to(language),
        "place": "" if record.identity == "confidential" else record.address,
        "promised": i18n.format_date(record.promised_at) if record.promised_at else "",
        "town": room.town.name.to(language),
        "link": i18n.gettext("(their own link)"),
    }
    subject, body = (text.to(language) for text in texts)
    return {"subject": fill_subject(subject, values), "body": fill_body(body, values)}


def _plain(field: AnyField, value: Any, files: Mapping[str, Attachment]) -> str:
    """An answer as plain text: what a person wrote stays as it was written."""
    return value if isinstance(field, LongText) else str(answer_words(field, value, files))


@post(f"{CASE}/etape/{{transition:str}}")
async def move_case(
    room: AtDesk, request: AnyRequest, reference: FromPath[str], transition: FromPath[str]
) -> Response[Any]:
    """Make a transition, or first show what the requester would read."""
    record, sent = await room.record(reference, "work"), await typed(request)
    request_type = await type_of_record(room.host, record)
    wanted, mover = request_type.workflow.transition(transition), mover_of(room.viewer, record, room.host.jurisdictions)
    if wanted is None or mover is None:
        raise NotFoundException("There is no such step.")
    held_by = uploads.holder(room, record.reference, transition)
    raw, troubles = await _answers(room, wanted, sent, held_by)
    if troubles:
        return await refused(room, record, transition, raw, Problems(found=troubles).within(transition))
    if name := sent.text("_add"):
        rows = {name: len(raw.get(name.partition(".")[2], ())) + 1}
        return await show_case(room, record, FormAttempt(form=transition, values=raw, rows=rows))
    for each in room.nouns(MovePreview, MADE_BEFORE_SLOT):
        if code := sent.text(each.field):
            made = await each.make(room, record, request_type, wanted, code, raw)
            return made if isinstance(made, Response) else await answered(room, record, transition, raw, made, "etape")
    if sent.text("_preview"):
        return await _preview(room, record, request_type, wanted, raw, held_by)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, transition, raw, seen)
    answer = await make_move(
        room.host,
        record.reference,
        transition,
        raw,
        actor=room.actor,
        mover=mover,
        expected=seen,
        holder=held_by,
    )
    if isinstance(answer, Problems):
        answer = answer.within(transition)
    return await answered(room, record, transition, raw, answer, "etape")


async def _answers(
    room: DeskContext, wanted: Transition, sent: FormInput, held_by: str
) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    given = sent.values.get(wanted.code)
    raw = dict(given) if isinstance(given, dict) else {}
    fields = wanted.asks.fields()
    return raw, await uploads.receive(room, held_by, fields, raw, sent, prefix=f"{wanted.code}.")


async def _preview(
    room: DeskContext, record: Record, request_type: RequestType, wanted: Transition, raw: dict[str, Any], held_by: str
) -> Response[Any]:
    preview = preview_of_move(room, record, request_type, wanted, raw, await uploads.kept(held_by))
    if isinstance(preview, Problems):
        return await refused(room, record, wanted.code, raw, preview.within(wanted.code))
    return await show_case(room, record, FormAttempt(form=wanted.code, values=raw, preview=preview))
