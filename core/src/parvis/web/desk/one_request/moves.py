"""Making the transitions of the workflow from a request's page, with what each demands; shown to the person first."""

from typing import Any

from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.requests.declarations import type_of_record
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.visibility import mover_of
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.one_request import uploads, waiting_files
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.desk.one_request.made_before import SLOT, MovePreview
from parvis.web.desk.one_request.previews import preview_of_move
from parvis.web.desk.one_request.showing import FormAttempt, show_case
from parvis.web.pages import AnyRequest
from parvis.web.typed import FormInput, typed
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.workflow import Transition


@post(f"{CASE}/etape/{{transition:str}}")
async def move_case(
    room: AtDesk, request: AnyRequest, reference: FromPath[str], transition: FromPath[str]
) -> Response[Any]:
    """Make a transition, or first show what the requester would read."""
    record, sent = await room.record(reference, "work"), await typed(request)
    kind = await type_of_record(room.heart, record)
    wanted, mover = kind.workflow.transition(transition), mover_of(room.viewer, record, room.heart.territory)
    if wanted is None or mover is None:
        raise NotFoundException("There is no such step.")
    held_by = waiting_files.holder(room, record.reference, transition)
    raw, troubles = await _answers(room, wanted, sent, held_by)
    if troubles:
        return await refused(room, record, transition, raw, Problems(found=troubles).within(transition))
    if name := sent.text("_add"):
        rows = {name: len(raw.get(name.partition(".")[2], ())) + 1}
        return await show_case(room, record, FormAttempt(form=transition, values=raw, rows=rows))
    for each in room.nouns(MovePreview, SLOT):
        if code := sent.text(each.field):
            made = await each.make(room, record, kind, wanted, code, raw)
            return made if isinstance(made, Response) else await answered(room, record, transition, raw, made, "etape")
    if sent.text("_preview"):
        return await _preview(room, record, kind, wanted, raw, held_by)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, transition, raw, seen)
    answer = await make_move(
        room.heart,
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
    room: DeskContext, record: Record, kind: RequestType, wanted: Transition, raw: dict[str, Any], held_by: str
) -> Response[Any]:
    preview = preview_of_move(room, record, kind, wanted, raw, await waiting_files.kept(held_by))
    if isinstance(preview, Problems):
        return await refused(room, record, wanted.code, raw, preview.within(wanted.code))
    return await show_case(room, record, FormAttempt(form=wanted.code, values=raw, preview=preview))
