"""Changing a request: steps, words, notes, assignment, corrections, followers."""

from collections.abc import Callable
from typing import Any

from litestar.exceptions import HTTPException
from msgspec import Struct

from parvis.api.calls import (
    Access,
    AnyRequest,
    Call,
    Edit,
    Given,
    among_answers,
    answers_in,
    body_of,
    faulty,
    files_in,
    forbidden,
    holder_in,
    not_found,
    overtaken,
    seen_version,
    text_in,
    unprocessable,
    version_in,
)
from parvis.api.operations import operation
from parvis.api.requests import PlaceIn, shape_of
from parvis.api.shapes import RequestShape
from parvis.i18n import gettext
from parvis.requests.actors import REQUESTER
from parvis.requests.amendments import amend, assign
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.history import Entry
from parvis.requests.not_fixed import move_on
from parvis.requests.persons.followers import follow
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, mover_of, sees_answer, sees_audience
from parvis.requests.work.conversation import note, receive, reply
from parvis.unit_managers import who_decides
from parvis_sdk.fields import Email
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

FOLLOWER = Email(code="email", label=Text(fr="Courriel", en="Email"))


class NewMove(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step to make, with the answers it requires and the version the caller has seen."""

    transition: str
    answers: dict[str, Any] = {}
    version: int
    upload: str = ""


class NewMessage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words to the town (with the key) or to the requester (with a token)."""

    words: str
    files: list[str] = []
    upload: str = ""
    version: int | None = None


class NewNote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An internal note."""

    words: str
    version: int | None = None


class NewAssignment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The unit that shall have the request; `version` is the one the caller has seen."""

    unit: str
    version: int


class Amendment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to correct; members left out stay as they are. `version` is the one the caller has seen."""

    type: str | None = None
    place: PlaceIn | None = None
    answers: dict[str, Any] | None = None
    version: int


class NewFollower(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who wants to be told; a link to confirm is sent to the address."""

    email: str
    language: str = "fr"


@operation(
    "POST /requests/{reference}/moves",
    "Make a step of the workflow, with the answers it requires",
    body=NewMove,
    scope="requests:write",
    key=True,
    problems=(409, 410, 428),
)
async def move_request(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    record, viewer, body = edit.record, edit.viewer, edit.body
    mover = mover_of(viewer, record, call.host.jurisdictions)
    if mover is None:
        raise forbidden(gettext("You may see this request but not move it."))
    code = text_in(body, "transition", most=60)
    asked = (await type_of_record(call.host, record)).workflow.transition(code)
    asks = asked.asks if asked else Form()
    moved = await move_on(
        call.host,
        record.reference,
        code,
        answers_in(body, asks, missing={}),
        actor=REQUESTER if viewer.kind == "holder" else call.actor,
        mover=mover,
        expected=seen_version(body),
        holder=holder_in(body),
        deciders=who_decides,
    )
    return await answer_of(call, moved, edit, among_answers(asks, NewMove, body))


@operation(
    "POST /requests/{reference}/messages",
    "Write to the town (with the key) or to the requester (with a token)",
    body=NewMessage,
    scope="requests:write",
    key=True,
    rights=("work",),
    problems=(409, 410),
)
async def write_message(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    reference = edit.record.reference
    words, files, holder = text_in(edit.body, "words"), files_in(edit.body), holder_in(edit.body)
    if edit.viewer.kind == "holder":
        written: Any = await receive(call.host, reference, words, files=files, holder=holder)
    else:
        expected = version_in(edit.body)
        written = await reply(
            call.host, reference, words, actor=call.actor, files=files, holder=holder, expected=expected
        )
    return await answer_of(call, written, edit)


@operation(
    "POST /requests/{reference}/notes",
    "Write an internal note",
    body=NewNote,
    scope="requests:write",
    rights=("work",),
    problems=(409, 410),
)
async def write_note(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    words, expected = text_in(edit.body, "words"), version_in(edit.body)
    written = await note(call.host, edit.record.reference, words, actor=call.actor, expected=expected)
    return await answer_of(call, written, edit)


@operation(
    "POST /requests/{reference}/assignment",
    "Give a request to a unit",
    body=NewAssignment,
    scope="requests:write",
    rights=("assign",),
    problems=(409, 410, 428),
)
async def assign_request(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    unit, expected = text_in(edit.body, "unit", most=60), seen_version(edit.body)
    assigned = await assign(call.host, edit.record.reference, unit=unit, actor=call.actor, expected=expected)
    return await answer_of(call, assigned, edit)


@operation(
    "PATCH /requests/{reference}",
    "Correct the type, the place or the answers",
    body=Amendment,
    scope="requests:write",
    rights=("amend",),
    problems=(409, 410, 428),
)
async def amend_request(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    record, body = edit.record, edit.body
    code = text_in(body, "type", most=60, required=False)
    request_type = call.host.plugins.request_type(code) or await type_of_record(call.host, record)
    place = request_type.place.read(body["place"]) if body.get("place") is not None else None
    if isinstance(place, Problem):
        problem = Problem(path="place", code=place.code, message=place.message)
        raise unprocessable(Problems(found=(problem,)), call.language)
    answers = answers_in(body, request_type.form) if body.get("answers") is not None else None
    amended = await amend(
        call.host,
        record.reference,
        type=code or None,
        place=place,
        answers=answers,
        unseen=await _unseen(call, edit),
        actor=call.actor,
        expected=seen_version(body),
    )
    return await answer_of(call, amended, edit, among_answers(request_type.form, Amendment, body))


async def _unseen(call: Call, access: Access) -> frozenset[str]:
    """The questions whose answers the caller may not see, and so cannot send again."""
    request_type = await type_of_record(call.host, access.record)
    jurisdictions = call.host.jurisdictions
    unseen = (
        field
        for field in request_type.form.fields()
        if not sees_answer(access.viewer, field, access.record, jurisdictions)
    )
    return frozenset(field.code for field in unseen)


@operation(
    "POST /requests/{reference}/followers",
    "Ask to be told of the steps of a public request; a link to confirm is mailed",
    status=202,
    body=NewFollower,
    pace="submit",
)
async def follow_request(call: Given[Call], request: AnyRequest, public_access: Given[Access]) -> None:
    """The answer is the same whether or not the address follows already."""
    record, body = public_access.record, await body_of(request)
    if not record.public:
        raise not_found()
    email = read_value(FOLLOWER, body.get("email"), "email", Reading(), {})
    if isinstance(email, Problems):
        raise unprocessable(email, call.language)
    language = body.get("language")
    await follow(call.host, record.reference, email, language if language in call.town.languages else call.language)


async def answer_of(
    call: Call, changed: Record | Denied | Problems | Conflict, access: Access, at: Callable[[str], str] = str
) -> RequestShape:
    """The request as it has become; or why it has not, `at` the places of the body that was sent."""
    if not isinstance(changed, Record):
        raise refusal(call, changed, access, at)
    return await shape_of(call, changed, access.viewer)


def refusal(
    call: Call, refused: Denied | Problems | Conflict, access: Access, at: Callable[[str], str] = str
) -> HTTPException:
    """Why a change was not made; of what others did meanwhile, that which the caller may see."""
    match refused:
        case Problems():
            return unprocessable(refused, call.language, at)
        case Denied():
            words = refused.reason.to(call.language)
            if refused.allowed:
                words += " " + gettext("Possible now: {moves}.").format(moves=", ".join(refused.allowed))
            return faulty("transition", refused.code, words, status=409)
        case Conflict():
            extra = [
                {"path": "version", "code": "conflict", "message": entry.kind + who_did(entry, access.viewer)}
                for entry in refused.entries
                if sees_audience(access.viewer, entry.audience, access.record, call.host.jurisdictions)
            ]
            return overtaken(refused.version, extra)


def who_did(entry: Entry, viewer: Viewer) -> str:
    """To residents, the town speaks with one voice."""
    return f" · {entry.actor.name}" if viewer.is_staff and entry.actor.name else ""
