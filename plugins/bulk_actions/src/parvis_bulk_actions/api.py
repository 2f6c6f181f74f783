"""Many requests in one call: found by their answers, read by their references, worked on, with a result for each."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec
from litestar.exceptions import HTTPException
from msgspec import UNSET, Meta, Struct, UnsetType, structs

from parvis import clock
from parvis.api.calls import (
    LIMITS,
    Access,
    AnyRequest,
    Call,
    Edit,
    Given,
    allow,
    body_of,
    faulty,
    read,
    refuse_strange,
    require,
    seen,
    shaped,
    unprocessable,
)
from parvis.api.changes import amend_request, assign_request, move_request, write_message, write_note
from parvis.api.narrowing import MOST_METRES, box_of, moment, near_of, refuse_unknown
from parvis.api.operations import Operation, operation
from parvis.api.requests import NewRequest, ReceiptShape, file_body, shape_of
from parvis.api.shapes import ListAnswer, ProblemError, RequestShape
from parvis.i18n import gettext
from parvis.people.throttle import Pace
from parvis.requests.access_log import AccessLog
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters, queue
from parvis.requests.offered import type_of
from parvis.requests.records import find
from parvis.requests.visibility import answers_for
from parvis.web.errors import REFUSALS, problem
from parvis_bulk_actions.repeats import RowResult, begin, mark_of, result_of, settle
from parvis_sdk.fields import Email, OneOf, Phone, SeveralOf, YesNo
from parvis_sdk.problems import MESSAGES, Problems
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.text import Text

MOST_READ, MOST_WRITTEN = 200, 100
Deed = Literal["move", "assign", "note", "message", "correct"]
DEEDS: dict[str, Operation] = {
    "move": move_request,
    "assign": assign_request,
    "note": write_note,
    "message": write_message,
    "correct": amend_request,
}
EMAIL = Email(code="email", label=Text(fr="Courriel", en="Email"))
PHONE = Phone(code="phone", label=Text(fr="Téléphone", en="Telephone"))
Count = Annotated[int, Meta(ge=1, le=MOST_READ)]
Degrees = Annotated[list[float], Meta(min_length=4, max_length=4)]


class PersonSought(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whose requests are looked for: by the email address or the telephone number that they gave."""

    email: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=60)] = ""


class RequestSearch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What requests are looked for by; what is left out does not narrow.

    `answers` are those to questions of `type`, each a value or several of which one is enough, among the options of
    today; an item of a group is found by the whole of it, and an answer that the token may not read is never found by.
    `bbox` is west, south, east, north in degrees, `near` longitude and latitude, with the metres `within`. To look for
    the requests of a `person` takes the scope `contacts:read`; those sent in confidence are not found by it. `fields`
    are the members that are wanted of each request.
    """

    type: str = ""
    answers: dict[str, Any] = {}
    states: list[str] = []
    phases: list[str] = []
    zones: list[str] = []
    units: list[str] = []
    bbox: Degrees | None = None
    near: Annotated[list[float], Meta(min_length=2, max_length=2)] | None = None
    within: Annotated[int, Meta(ge=1, le=MOST_METRES)] | None = None
    person: PersonSought | None = None
    updated_since: Annotated[str, Meta(min_length=1, extra_json_schema={"format": "date-time"})] | None = None
    fields: list[str] = []
    limit: Count = 50
    cursor: str = ""


class FoundRequests(ListAnswer, frozen=True, kw_only=True):
    """Those found among the next `limit` requests, maybe none; ask again with `next_cursor` until it is empty."""

    items: list[dict[str, Any]]


class RequestsWanted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which requests, and which members of each; all where none are named."""

    references: Annotated[list[str], Meta(min_length=1, max_length=MOST_READ)]
    fields: list[str] = []


class RowDone(Struct, frozen=True, kw_only=True):
    """What became of one row, by the status of a call of its own; after a 429, `retry_after` in seconds."""

    reference: str
    status: int
    request: dict[str, Any] | UnsetType = UNSET
    errors: list[ProblemError] = []
    retry_after: int | UnsetType = UNSET


class RowsDone(Struct, frozen=True, kw_only=True):
    """The result of each row, in the order in which they were sent."""

    items: list[RowDone]


class RowToDo(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to do: `move`, `assign`, `note`, `message` or `correct`, with the body that its own operation takes.

    `version` is the one the caller has seen. A row that is sent again is not done again, and is answered as at first.
    """

    reference: str
    do: Deed
    version: int
    body: dict[str, Any] = {}


class RowsToDo(Struct, frozen=True, kw_only=True):
    """What is to be done, row by row, each in a transaction of its own."""

    rows: Annotated[list[RowToDo], Meta(min_length=1, max_length=MOST_WRITTEN)]


class RowToFile(Struct, frozen=True, kw_only=True):
    """A request to file, a body of `POST /requests`. A row of the same `key` is filed once, however often it is sent.

    The `key` is one of the token's own, such as the number of the request in another system.
    """

    key: Annotated[str, Meta(min_length=1, max_length=200, pattern="^[^\\x00-\\x1f\\x7f]+$")]
    request: dict[str, Any]


class RowsToFile(Struct, frozen=True, kw_only=True):
    """What is to be filed, row by row, each in a transaction of its own."""

    rows: Annotated[list[RowToFile], Meta(min_length=1, max_length=MOST_WRITTEN)]


class FiledRow(Struct, frozen=True, kw_only=True):
    """What became of one row, by the status that a call of its own would have had; the `receipt` where it was filed."""

    key: str
    status: int
    receipt: ReceiptShape | UnsetType = UNSET
    errors: list[ProblemError] = []
    retry_after: int | UnsetType = UNSET


class FiledRows(Struct, frozen=True, kw_only=True):
    """The result of each row, in the order in which they were sent."""

    items: list[FiledRow]


@operation(
    "POST /bulk/searches",
    "Find requests by their answers, state and place, with the members that you ask for",
    body=RequestSearch,
    scope="requests:read",
    pace="read",
)
async def search_requests(call: Given[Call], request: AnyRequest) -> FoundRequests:
    wanted = shaped(await body_of(request), RequestSearch)
    _known(wanted.fields)
    _asked(call, wanted)
    filters = Filters(
        types=(wanted.type,) if wanted.type else (),
        states=tuple(wanted.states),
        phases=tuple(wanted.phases),
        zones=tuple(wanted.zones),
        units=tuple(wanted.units),
        updated_since=moment("updated_since", wanted.updated_since or ""),
        box=box_of(wanted.bbox) if wanted.bbox else None,
        near=near_of(wanted.near, wanted.within),
        conditions=(_of_person(call, wanted.person),) if wanted.person else (),
    )
    await refuse_unknown(call, filters, lambda name, number: "type" if name == "type" else f"{name}s.{number}")
    where: dict[str, Any] = {"sort": "updated", "limit": wanted.limit, "cursor": wanted.cursor, "count": False}
    try:
        page = await queue(call.host, call.viewer, call.town.code, filters, **where)
    except BadCursor as error:
        raise faulty("cursor", "unreadable", "not_given") from error
    found = [each.reference for each in page.rows if await _answers_as(call, each.reference, wanted)]
    call.host.of(AccessLog).listed(call.viewer, call.town.code, "POST /bulk/searches", len(found))
    return FoundRequests(
        items=[await _members(call, each, wanted.fields) for each in found], next_cursor=page.next_cursor
    )


def _of_person(call: Call, person: PersonSought) -> ListCondition:
    """The requests for which somebody gave this address or this number; they are not known of confidential ones."""
    require(call, "contacts:read")
    found: list[tuple[str, str]] = []
    for field, given in ((EMAIL, person.email), (PHONE, person.phone)):
        if given.strip():
            read = read_value(field, given, f"person.{field.code}", Reading(), {})
            if isinstance(read, Problems):
                raise unprocessable(read, call.language)
            column, value = ("lower(email)", read.lower()) if field is EMAIL else ("phone", read)
            found.append((f"id IN (SELECT request FROM contact WHERE {column} = {{}})", value))  # noqa: S608 - ours
    if not found:
        raise faulty("person", "required", "missing")
    parts = ["identity <> 'confidential'", *(part for part, _ in found)]
    return ListCondition(" AND ".join(parts), tuple(value for _, value in found), leads=True)


def _asked(call: Call, wanted: RequestSearch) -> None:
    """Refuse answers to what the type does not ask."""
    request_type = type_of(call.host, call.town, wanted.type)
    if wanted.answers and request_type is None:
        raise faulty("type", "not_offered", "no_such_type")
    for code, value in wanted.answers.items():
        field = request_type.form.field(code) if request_type else None
        if field is None:
            raise faulty(f"answers.{code[:60]}", "unknown", "unknown")
        offered = (
            (True, False)
            if isinstance(field, YesNo)
            else tuple(each.code for each in field.options)
            if isinstance(field, OneOf | SeveralOf)
            else None
        )
        for each in value if isinstance(value, list) else [value]:
            if offered is not None and not any(_is(one, each) for one in offered):
                said = MESSAGES["not_offered"].format(label=field.label).to(call.language)
                raise faulty(f"answers.{code}", "not_offered", said)


async def _answers_as(call: Call, reference: str, wanted: RequestSearch) -> bool:
    """Whether a request has these answers, as far as the token may read them: one that it may not is not there."""
    record = await find(call.host, reference) if wanted.answers else None
    request_type = type_of(call.host, call.town, wanted.type)
    if record is None or request_type is None:
        return not wanted.answers
    told = answers_for(call.viewer, record, request_type, call.host.jurisdictions)
    return all(
        code in told and any(_is(told[code], each) for each in (value if isinstance(value, list) else [value]))
        for code, value in wanted.answers.items()
    )


def _is(answer: Any, wanted: Any) -> bool:
    """Whether an answer is this one, or one of several; a number is no yes and no no."""
    if isinstance(answer, list):
        return any(_is(each, wanted) for each in answer)
    return bool(answer == wanted) and isinstance(answer, bool) == isinstance(wanted, bool)


@operation(
    "POST /bulk/reads",
    "Read many requests by their references, each with its own result",
    body=RequestsWanted,
    scope="requests:read",
    pace="read",
)
async def read_requests(call: Given[Call], request: AnyRequest) -> RowsDone:
    wanted = shaped(await body_of(request), RequestsWanted)
    _known(wanted.fields)
    items = []
    for reference in wanted.references:
        try:
            told = await _members(call, reference, wanted.fields)
        except HTTPException as error:
            items.append(_failed(reference, error.status_code, error.detail, error.extra))
        else:
            items.append(RowDone(reference=reference, status=200, request=told))
    return RowsDone(items=items)


def _known(fields: list[str]) -> None:
    """Refuse the name of a member that no request has."""
    known = RequestShape.__struct_fields__
    for number, each in enumerate(fields):
        if each not in known:
            raise faulty(f"fields.{number}", "not_offered", "one_of", offered=", ".join(known))


async def _members(call: Call, reference: str, fields: list[str]) -> dict[str, Any]:
    """A request as a call of its own would tell it, with the members that are wanted and its reference."""
    record, viewer = await read(call, reference)
    whole: dict[str, Any] = msgspec.to_builtins(await shape_of(call, record, viewer))
    return {name: value for name, value in whole.items() if not fields or name in fields or name == "reference"}


@operation(
    "POST /bulk/writes",
    "Move, assign, note, answer or correct many requests, each in a transaction of its own, with its own result",
    body=RowsToDo,
    scope="requests:write",
)
async def write_requests(call: Given[Call], request: AnyRequest) -> RowsDone:
    """Each row is judged as a call of its own is; one that fails holds none of the others up."""
    wanted = shaped(await body_of(request), RowsToDo)
    handle = call.token.handle if call.token else ""
    marks = [mark_of(call.town.code, handle, each) for each in wanted.rows]
    before = await begin(call.host, marks)
    done = {mark: told for mark, told in before.items() if told.is_known}
    fresh: dict[str, RowResult] = {}
    items = []
    for mark, row in zip(marks, wanted.rows, strict=True):
        item = await _written(call, request, row, done.get(mark), was_begun=mark in before)
        if mark not in done and isinstance(item.request, dict):
            done[mark] = fresh[mark] = RowResult(**item.request)
        items.append(item)
    await settle(call.host, fresh, {*marks} - {*done})
    return RowsDone(items=items)


@operation(
    "POST /bulk/requests",
    "File many requests, each once by its key and in a transaction of its own, with its own result",
    body=RowsToFile,
    scope="requests:write",
    enough="requests:write",
)
async def file_requests(call: Given[Call], request: AnyRequest) -> FiledRows:
    """A token that only files is enough, as for one request."""
    wanted = shaped(await body_of(request), RowsToFile)
    return FiledRows(items=[await _filed(call, request, each) for each in wanted.rows])


async def _filed(call: Call, request: AnyRequest, row: RowToFile) -> FiledRow:
    try:
        _paced(call)
        refuse_strange(row.request, NewRequest)
        fingerprint = sha256(msgspec.json.encode(row.request, order="deterministic")).hexdigest()
        handle = call.token.handle if call.token else ""
        receipt = await file_body(call, row.request, f"bulk:{handle}:{row.key}", fingerprint)
    except HTTPException as error:
        failed = _failed(row.key, error.status_code, error.detail, error.extra, error.headers)
    except tuple(each for each in REFUSALS if isinstance(each, type)) as error:
        answer = REFUSALS[type(error)](request, error)
        content, status = answer.content, int(answer.status_code or 500)
        failed = _failed(row.key, status, content["detail"], content["errors"], dict(answer.headers))
    else:
        return FiledRow(key=row.key, status=201, receipt=receipt)
    inside = [structs.replace(each, path=f"request.{each.path}") if each.path else each for each in failed.errors]
    return FiledRow(key=row.key, status=failed.status, errors=inside, retry_after=failed.retry_after)


def _paced(call: Call) -> None:
    """Each row counts as a call of its own."""
    most, window = LIMITS["write"]
    if call.token and not call.host.of(Pace).allows("write", call.token.handle, most * 10, window, clock.now()):
        detail, wait = gettext("Too many calls of this kind; try again later."), str(int(window.total_seconds()))
        raise HTTPException(status_code=429, detail=detail, headers={"retry-after": wait})


async def _written(
    call: Call, request: AnyRequest, row: RowToDo, known: RowResult | None, *, was_begun: bool
) -> RowDone:
    """One row; of one that was done before what is `known`, and what `was_begun` may have been done before it broke."""
    try:
        told = known if known and await _is_there(call, row) else await _done(call, row)
    except HTTPException as error:
        if error.status_code == 409 and was_begun and (again := await _done_unseen(call, row)):
            return RowDone(reference=row.reference, status=200, request=structs.asdict(again))
        return _in_row(_failed(row.reference, error.status_code, error.detail, error.extra, error.headers))
    except tuple(each for each in REFUSALS if isinstance(each, type)) as error:
        answer = REFUSALS[type(error)](request, error)
        content = answer.content
        status = int(answer.status_code or 500)
        return _in_row(_failed(row.reference, status, content["detail"], content["errors"], dict(answer.headers)))
    return RowDone(reference=row.reference, status=200, request={"version": told.version, "state": told.state})


async def _is_there(call: Call, row: RowToDo) -> bool:
    """Refuse who may not see the request any more."""
    _paced(call)
    return bool(await seen(call, row.reference))


async def _done_unseen(call: Call, row: RowToDo) -> RowResult | None:
    record, _ = await seen(call, row.reference)
    handle = call.token.handle if call.token else ""
    return await result_of(record, handle, row.version, row.do, row.body)


async def _done(call: Call, row: RowToDo) -> RequestShape:
    deed = DEEDS[row.do]
    _paced(call)
    refuse_strange(row.body, deed.body)
    record, viewer = await seen(call, row.reference)
    allow(call, Access(record=record, viewer=viewer), *deed.rights)
    edit = Edit(record=record, viewer=viewer, body=row.body | {"version": row.version})
    told: RequestShape = await deed.function(call=call, edit=edit)
    return told


def _in_row(done: RowDone) -> RowDone:
    """What is wrong stands in the body of the row, but for its version."""
    errors = [
        each
        if each.path in ("", "version") or each.path.startswith("body.")
        else structs.replace(each, path=f"body.{each.path}")
        for each in done.errors
    ]
    return structs.replace(done, errors=errors)


def _failed(reference: str, status: int, detail: str, extra: Any, headers: Mapping[str, str] | None = None) -> RowDone:
    errors = msgspec.convert(problem(status, detail, "", extra)["errors"], list[ProblemError])
    wait = (headers or {}).get("retry-after")
    return RowDone(reference=reference, status=status, errors=errors, retry_after=int(wait) if wait else UNSET)
