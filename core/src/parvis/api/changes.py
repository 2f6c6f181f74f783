"""Changing a request: steps, words, notes, assignment, corrections, followers."""

from typing import Any

from litestar import patch, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery

from parvis.api.calls import (
    AnyRequest,
    Call,
    answers_in,
    body_of,
    call_of,
    limited,
    read,
    require,
    seen,
    seen_version,
    text_in,
    unprocessable,
    version_in,
)
from parvis.api.requests import actor_of, shape_of
from parvis.api.shapes import RequestShape
from parvis.requests.actors import REQUESTER
from parvis.requests.amendments import amend, assign
from parvis.requests.changing import Conflict
from parvis.requests.drafting.drafts import holder_of
from parvis.requests.history import Entry
from parvis.requests.lifecycle import make_move
from parvis.requests.persons.followers import follow
from parvis.requests.records import Record, type_of_record
from parvis.requests.visibility import Permission, Viewer, may, mover_of, sees_answer, sees_audience
from parvis.requests.work.conversation import note, receive, reply
from parvis_sdk.fields import Email
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

FOLLOWER = Email(code="email", label=Text(fr="Courriel", en="Email"))


@post("/requests/{reference:str}/moves", status_code=200)
async def move_request(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> RequestShape:
    call, record, viewer, body = await begin(request, reference, key)
    mover = mover_of(viewer, record, call.heart.territory)
    if mover is None:
        raise HTTPException(status_code=403, detail="You may see this request but not move it.")
    code = text_in(body, "transition", most=60)
    asked = (await type_of_record(call.heart, record)).workflow.transition(code)
    moved = await make_move(
        call.heart,
        record.reference,
        code,
        answers_in(body, asked.asks if asked else Form(), missing={}),
        actor=REQUESTER if viewer.kind == "holder" else actor_of(call),
        mover=mover,
        expected=seen_version(body),
        holder=_holder(body),
    )
    return await answer_of(call, moved, viewer, record)


@post("/requests/{reference:str}/messages", status_code=200)
async def write_message(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> RequestShape:
    """With the key: to the town. With a token: to the requester."""
    call, record, viewer, body = await begin(request, reference, key)
    words, files = text_in(body, "words"), files_in(body)
    if viewer.kind == "holder":
        written: Any = await receive(call.heart, record.reference, words, files=files, holder=_holder(body))
    else:
        allow(call, viewer, record, "work")
        written = await reply(
            call.heart,
            record.reference,
            words,
            actor=actor_of(call),
            files=files,
            holder=_holder(body),
            expected=version_in(body),
        )
    return await answer_of(call, written, viewer, record)


@post("/requests/{reference:str}/notes", status_code=200)
async def write_note(request: AnyRequest, reference: FromPath[str]) -> RequestShape:
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "work")
    words = text_in(body, "words")
    written = await note(call.heart, record.reference, words, actor=actor_of(call), expected=version_in(body))
    return await answer_of(call, written, viewer, record)


@post("/requests/{reference:str}/assignment", status_code=200)
async def assign_request(request: AnyRequest, reference: FromPath[str]) -> RequestShape:
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "assign")
    unit = text_in(body, "unit", most=60)
    assigned = await assign(call.heart, record.reference, unit=unit, actor=actor_of(call), expected=seen_version(body))
    return await answer_of(call, assigned, viewer, record)


@patch("/requests/{reference:str}")
async def amend_request(request: AnyRequest, reference: FromPath[str]) -> RequestShape:
    call, record, viewer, body = await begin(request, reference)
    allow(call, viewer, record, "amend")
    code = text_in(body, "type", most=60, required=False)
    kind = call.heart.house.request_type(code) or await type_of_record(call.heart, record)
    place = kind.place.read(body["place"]) if body.get("place") is not None else None
    if isinstance(place, Problem):
        problem = Problem(path="place", code=place.code, message=place.message)
        raise unprocessable(Problems(found=(problem,)), call.language)
    answers = answers_in(body, kind.form) if body.get("answers") is not None else None
    amended = await amend(
        call.heart,
        record.reference,
        type=code or None,
        place=place,
        answers=answers,
        unseen=await _unseen(call, record, viewer),
        actor=actor_of(call),
        expected=seen_version(body),
    )
    return await answer_of(call, amended, viewer, record)


@post("/requests/{reference:str}/followers", status_code=202)
async def follow_request(request: AnyRequest, reference: FromPath[str]) -> None:
    """Ask to be told; the answer is the same whether or not the address follows already."""
    call = await call_of(request)
    limited(call, "submit")
    body = await body_of(request)
    record, _ = await read(call, reference)
    if not record.public:
        raise HTTPException(status_code=404, detail="There is no such request, or you may not see it.")
    email = read_value(FOLLOWER, body.get("email"), "email", Reading(), {})
    if isinstance(email, Problems):
        raise unprocessable(email, call.language)
    language = body.get("language")
    await follow(call.heart, record.reference, email, language if language in call.town.languages else call.language)


async def begin(request: AnyRequest, reference: str, key: str = "") -> tuple[Call, Record, Viewer, dict[str, Any]]:
    """What every change begins with: who calls, the request, as whom it is seen, and what was sent."""
    call = await call_of(request)
    limited(call, "write")
    if not key:
        require(call, "requests:write")
    record, viewer = await seen(call, reference, key)
    return call, record, viewer, await body_of(request)


def allow(call: Call, viewer: Viewer, record: Record, permission: Permission) -> None:
    """Refuse who has not this right over the request."""
    if not may(viewer, permission, record, call.heart.territory):
        raise HTTPException(status_code=403, detail="You may see this request but not do this with it.")


async def _unseen(call: Call, record: Record, viewer: Viewer) -> frozenset[str]:
    """The questions whose answers the caller may not see, and so cannot send again."""
    kind = await type_of_record(call.heart, record)
    fields = kind.form.fields()
    return frozenset(field.code for field in fields if not sees_answer(viewer, field, record, call.heart.territory))


def who_did(entry: Entry, viewer: Viewer) -> str:
    """To residents, the town speaks with one voice."""
    return f" · {entry.actor.name}" if viewer.is_staff and entry.actor.name else ""


async def answer_of(
    call: Call, changed: Record | Denied | Problems | Conflict, viewer: Viewer, record: Record
) -> RequestShape:
    """The request as it has become; or why it has not."""
    if not isinstance(changed, Record):
        raise refusal(call, changed, viewer, record)
    return await shape_of(call, changed, viewer)


def refusal(call: Call, refused: Denied | Problems | Conflict, viewer: Viewer, record: Record) -> HTTPException:
    """Why a change was not made; of what others did meanwhile, that which the caller may see."""
    match refused:
        case Problems():
            return unprocessable(refused, call.language)
        case Denied():
            extra = [{"path": "transition", "code": refused.code, "message": ", ".join(refused.allowed)}]
            return HTTPException(status_code=409, detail=refused.reason.to(call.language), extra=extra)
        case Conflict():
            extra = [
                {"path": "version", "code": "conflict", "message": entry.kind + who_did(entry, viewer)}
                for entry in refused.entries
                if sees_audience(viewer, entry.audience, record, call.heart.territory)
            ]
            detail = f"The request has changed; it is now at version {refused.version}."
            return HTTPException(status_code=409, detail=detail, extra=extra)


def files_in(body: dict[str, Any]) -> tuple[str, ...]:
    """The ids of files that go along."""
    files = body.get("files", [])
    if not isinstance(files, list) or len(files) > 20 or not all(isinstance(each, str) for each in files):
        raise HTTPException(status_code=422, detail="`files` must be a list of ids.")
    return tuple(files)


def _holder(body: dict[str, Any]) -> str:
    upload = text_in(body, "upload", most=200, required=False)
    return holder_of(upload) if upload else ""


HANDLERS = (move_request, write_message, write_note, assign_request, amend_request, follow_request)
