"""Changing a request: moves, messages, notes, assignment, corrections; and what its key alone allows."""

from collections.abc import Callable
from typing import Annotated, Any

from litestar.exceptions import HTTPException
from msgspec import Meta, Struct

from parvis.api.calls import (
    Access,
    Call,
    Edit,
    Given,
    among_answers,
    answers_in,
    faulty,
    files_in,
    forbidden,
    holder_in,
    must_be_for,
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
from parvis.requests.amendments import amend, assign, change_contact, stop, theirs_to_change
from parvis.requests.changing import Conflict
from parvis.requests.contacts import methods_read
from parvis.requests.declarations import type_of_record
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import mover_of, sees_answer
from parvis.requests.work.conversation import note, occurrence, receive, reply
from parvis_sdk.fields import AnyField
from parvis_sdk.forms import Form
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requesters import read_requester
from parvis_sdk.unseen_answers import Sees, written_blind
from parvis_sdk.workflow import Denied

_Code = Annotated[str, Meta(min_length=1, max_length=60)]
_Words = Annotated[str, Meta(min_length=1, max_length=4000)]
_Upload = Annotated[str, Meta(max_length=200)]


class NewMove(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step to make, with the answers it requires and the version the caller has seen."""

    transition: _Code
    answers: dict[str, Any] = {}
    version: int
    upload: _Upload = ""


class NewMessage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words to the town (with the key) or to the requester (with a token)."""

    words: _Words
    files: Annotated[list[str], Meta(max_length=20)] = []
    upload: _Upload = ""
    version: int | None = None


class NewNote(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An internal note."""

    words: _Words
    version: int | None = None


class NewAssignment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The unit that shall have the request; `version` is the one the caller has seen."""

    unit: _Code
    version: int


class Amendment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to correct; members left out stay as they are. `version` is the one the caller has seen.

    Another `type` begins its own workflow. Without `answers` it takes along those that it asks for too, which must be
    all that it requires; an anonymous request takes only a type that anonymous people are offered.
    """

    type: _Code | None = None
    place: PlaceIn | None = None
    answers: dict[str, Any] | None = None
    version: int


@operation(
    "POST /requests/{reference}/moves",
    "Take a step of the workflow, with the answers that it requires",
    body=NewMove,
    scope="requests:write",
    key=True,
    problems=(409, 410, 428),
)
async def move_request(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    record, viewer, body = edit.record, edit.viewer, edit.body
    mover = mover_of(viewer, record, call.host.jurisdictions)
    if mover is None:
        raise forbidden(gettext("You may see this request, but you may not move it forward."))
    code = text_in(body, "transition", most=60)
    asked = (await type_of_record(call.host, record)).workflow.transition(code)
    asks = asked.asks if asked else Form()
    moved = await make_move(
        call.host,
        record.reference,
        code,
        answers_in(body, asks, missing={}),
        actor=REQUESTER if viewer.kind == "holder" else call.actor,
        mover=mover,
        expected=seen_version(body),
        holder=holder_in(body),
    )
    return await answer_of(call, moved, edit, among_answers(asks, NewMove, body))


@operation(
    "POST /requests/{reference}/messages",
    "Write to the town (with the key), or to the requester (with a token)",
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
    "Assign a request to a unit",
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
    must_be_for(call, code or record.type)
    request_type = call.host.plugins.request_type(code) or await type_of_record(call.host, record)
    place = request_type.place.read(body["place"]) if body.get("place") is not None else None
    if isinstance(place, Problem):
        problem = Problem(path="place", code=place.code, message=place.message)
        raise unprocessable(Problems(found=(problem,)), call.language)
    answers = answers_in(body, request_type.form) if body.get("answers") is not None else None

    def sees(field: AnyField) -> bool:
        return sees_answer(edit.viewer, field, record, call.host.jurisdictions)

    theirs: Sees = sees
    if answers and request_type.code != record.type:
        theirs = await theirs_to_change(record, (await type_of_record(call.host, record)).form, request_type, sees)
    for path, field in written_blind(request_type.form.fields(), answers or {}, theirs):
        # whatever it says: what stands there is not told
        words = gettext("You may not read the answer to “{label}”, so you may not change it.")
        raise faulty(f"answers.{path}", "forbidden", words.format(label=field.label.to(call.language)))
    amended = await amend(
        call.host,
        record.reference,
        type=code or None,
        place=place,
        answers=answers,
        sees=sees,
        actor=call.actor,
        expected=seen_version(body),
    )
    return await answer_of(call, amended, edit)


async def answer_of(
    call: Call, changed: Record | Denied | Problems | Conflict, access: Access, at: Callable[[str], str] = str
) -> RequestShape:
    """The request as it has become; or why it has not, `at` the places of the body that was sent."""
    if not isinstance(changed, Record):
        raise await refusal(call, changed, access, at)
    return await shape_of(call, changed, access.viewer)


async def refusal(
    call: Call, refused: Denied | Problems | Conflict, access: Access, at: Callable[[str], str] = str
) -> HTTPException:
    """Why a change was not made; of what others did meanwhile, that which the caller may see, as the story tells it."""
    match refused:
        case Problems():
            return unprocessable(refused, call.language, at)
        case Denied():
            words = refused.reason.to(call.language)
            if refused.allowed:
                words += " " + gettext("Possible now: {moves}.").format(moves=", ".join(refused.allowed))
            return faulty(at("transition"), refused.code, words, status=409)
        case Conflict():
            numbers = {entry.number for entry in refused.entries}
            extra = [
                {"path": "version", "code": "conflict", "message": f"{line.title} · {line.who}".removesuffix(" · ")}
                for line in await story(call.host, access.record, access.viewer, call.language)
                if line.number in numbers
            ]
            return overtaken(refused.version, extra)


PARTS = ("name", "email", "phone", "postal_address", "preferred_channel")


class NewOccurrence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """It happened again; `answers` follow the form of occurrences of the type."""

    answers: dict[str, Any]
    upload: _Upload = ""


class NewContact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another way to reach the person, `preferred_channel` as for a new request; `mode` stays what it was, `version`
    is the one the caller has seen."""

    mode: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    preferred_channel: str = ""
    language: str = ""
    version: int


class MessagesWanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whether the requester wants to be told of the steps."""

    wanted: bool


@operation(
    "POST /requests/{reference}/occurrences",
    "Report with the key that it happened again",
    body=NewOccurrence,
    key=True,
    problems=(409, 410),
)
async def add_occurrence(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    """It happened again: one more line in the log that the type keeps."""
    request_type = await type_of_record(call.host, edit.record)
    if request_type.occurrence is None:
        raise HTTPException(status_code=409, detail=gettext("Requests of this type keep no log of occurrences."))
    answers = answers_in(edit.body, request_type.occurrence, missing={})
    changed = await occurrence(call.host, edit.record.reference, answers, holder=holder_in(edit.body))
    return await answer_of(call, changed, edit, among_answers(request_type.occurrence, NewOccurrence, edit.body))


@operation(
    "PUT /requests/{reference}/contact",
    "Change with the key how the requester is contacted, and in which language",
    body=NewContact,
    key=True,
    problems=(409, 410, 428),
)
async def replace_contact(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    """Another way to reach the person; how they presented themselves stays."""
    record, body = edit.record, edit.body
    if body.get("mode", record.identity) != record.identity:
        raise faulty("mode", "fixed", "kept_mode", mode=record.identity)
    request_type = await type_of_record(call.host, record)
    given: dict[str, Any] = {name: body.get(name) for name in PARTS}
    rule, methods = request_type.identity, methods_read(call.host, call.town)
    read = read_requester({**given, "mode": record.identity}, rule.modes, contact=rule.contact, methods=methods)
    if isinstance(read, Problems):
        raise unprocessable(read, call.language, lambda path: path.removeprefix("requester."))
    language = text_in(body, "language", most=5, required=False) or record.language
    if language not in call.town.languages:
        raise faulty("language", "not_offered", "one_of", offered=", ".join(call.town.languages))
    changed = await change_contact(call.host, record.reference, read, language, expected=seen_version(body))
    return await answer_of(call, changed, edit)


@operation(
    "PUT /requests/{reference}/messages",
    "Stop or resume messages to the requester, with the key",
    body=MessagesWanted,
    key=True,
    problems=(410,),
)
async def choose_messages(call: Given[Call], edit: Given[Edit]) -> RequestShape:
    wanted = edit.body.get("wanted")
    if not isinstance(wanted, bool):
        raise faulty("wanted", "wrong_kind", "misshapen")
    changed = await stop(call.host, edit.record.reference, stopped=not wanted)
    return await shape_of(call, changed, edit.viewer)
