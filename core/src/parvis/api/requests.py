"""Filing requests, reading one, listing many."""

import hashlib
from typing import Annotated, Any, get_args

from litestar.exceptions import HTTPException
from litestar.params import FromQuery
from msgspec import UNSET, Meta, Struct, UnsetType, structs

from parvis.api.calls import (
    Access,
    AnyRequest,
    Call,
    Given,
    body_of,
    faulty,
    forbidden,
    holder_in,
    idempotency_key_of,
    must_be_for,
    text_in,
    unprocessable,
)
from parvis.api.narrowing import NARROWING, filters_in, of_same_person, refuse_unknown
from parvis.api.operations import FIELDS, SEVERAL, WHOLE, WORDS, operation
from parvis.api.shapes import (
    FileShape,
    Languages,
    ListAnswer,
    Moment,
    MoveShape,
    RequestShape,
    file_shape,
    languages,
    told_as,
)
from parvis.i18n import gettext
from parvis.requests.access_log import AccessLog
from parvis.requests.advice import NOBODY, Insistence
from parvis.requests.declarations import type_of_record
from parvis.requests.intake import taken_before
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.public_list import public_list
from parvis.requests.lists.search import Row, queue
from parvis.requests.offered import declares, type_of
from parvis.requests.parts.together import possible
from parvis.requests.records import Record
from parvis.requests.relations.merged import goes_on_with
from parvis.requests.request_service import RequestService
from parvis.requests.rows_there import FILES, KnownBeside, known_beside
from parvis.requests.timeline import files_reaching, story
from parvis.requests.visibility import PUBLIC, Viewer, present, sees
from parvis_sdk.cleaning import clean
from parvis_sdk.form_versions import LONGEST, UnknownVersion, changes_since
from parvis_sdk.forms import as_programs_send
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Channel

LONGEST_REASON = 500


class PlaceIn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where: degrees (WGS84), an address, words, a GeoJSON geometry, or codes of the town's own things."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    words: str = ""
    geometry: dict[str, Any] | None = None
    assets: list[str] = []


class RequesterIn(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who asks; `mode` is one that the type offers.

    `preferred_channel` is a contact method: `email`, `sms`, `phone`, `letter`, another that the town's plugins bring,
    or nothing for no preference.
    """

    mode: str
    name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    preferred_channel: str = ""


class NewRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A request to file; `answers` follow the schema of the type, `upload` owns the files named in them.

    `insist` files it although a schedule or an operation answers it; with a token it may be a reason, which overrules
    notices too. `form_version` of the type as it was when its form was filled in; if questions changed since, nothing
    is filed, and the errors name them.
    """

    type: Annotated[str, Meta(min_length=1, max_length=60)]
    answers: dict[str, Any]
    language: str = "fr"
    place: PlaceIn | None = None
    requester: RequesterIn | None = None
    upload: Annotated[str, Meta(max_length=200)] = ""
    channel: str = "api"
    insist: bool | str = False
    form_version: Annotated[str, Meta(max_length=LONGEST)] = ""


class ReceiptShape(Struct, frozen=True, kw_only=True):
    """What the person takes home; `key` opens the private view and is told this once."""

    reference: str
    key: str
    tracking_url: str
    promised_at: Moment | None


class ListedRequest(Struct, frozen=True, kw_only=True):
    """One line of a list."""

    reference: str
    type: str
    title: Languages
    state: str
    state_title: Languages
    phase: str
    address: str
    lon: float | None
    lat: float | None
    zone: str
    submitted_at: Moment
    updated_at: Moment
    promised_at: Moment | None
    promise: str
    late: bool
    version: int
    unit: str | UnsetType = UNSET
    channel: str | UnsetType = UNSET


class RequestList(ListAnswer, frozen=True, kw_only=True):
    """A page of a list. Counting stops at ten thousand: `more` says so."""

    items: list[ListedRequest]
    total: int
    more: bool = False


class AnswerShape(Struct, frozen=True, kw_only=True):
    """An answer given with a step."""

    code: str
    label: str
    value: Any


class StoryEntry(Struct, frozen=True, kw_only=True):
    """One thing that happened."""

    number: int
    at: Moment
    kind: str
    title: str
    words: str
    answers: list[AnswerShape]
    files: list[FileShape]
    audience: str
    by_requester: bool


class Story(ListAnswer, frozen=True, kw_only=True):
    """What happened, oldest first, as the caller may know it."""

    items: list[StoryEntry]


@operation(
    "POST /requests",
    "File a request; a repeated Idempotency-Key with the same body gives the first receipt again",
    status=201,
    body=NewRequest,
    headers={"Idempotency-Key": WORDS},
    pace="submit",
    problems=(403, 409, 413),
)
async def file_request(call: Given[Call], request: AnyRequest) -> ReceiptShape:
    body, key = await body_of(request), idempotency_key_of(request)
    fingerprint = hashlib.sha256(await request.body()).hexdigest() if key else ""
    return await file_body(call, body, f"api:{key}" if key else "", fingerprint)


async def file_body(call: Call, body: dict[str, Any], idempotency_key: str, fingerprint: str) -> ReceiptShape:
    """A request that is filed as a body says; one of the same key and fingerprint is filed once."""
    code = text_in(body, "type", most=60)
    must_be_for(call, code)
    request_type = type_of(call.host, call.town, code)
    version = text_in(body, "form_version", most=LONGEST, required=False)
    before = version and await taken_before(call.host, call.town, idempotency_key, fingerprint)
    if request_type is not None and version and not before:
        _refuse_outgrown(call, request_type, version)
    receipt = await RequestService(call.host).submit(
        call.town.code,
        code,
        _sent_request(request_type, body),
        channel=_channel(call, body),
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        actor=call.actor,
        holder=holder_in(body),
        insistence=_insistence(call, body),
        declares=declares(call.host, call.viewer, call.town),
    )
    if isinstance(receipt, Problems):
        raise unprocessable(receipt, call.language)
    return told_as(ReceiptShape, receipt)


def _refuse_outgrown(call: Call, request_type: RequestType, version: str) -> None:
    """409 with what changed in the form since it was filled in, question by question."""
    try:
        changed = changes_since(version, request_type.form.json_schema())
    except UnknownVersion as error:
        raise faulty("form_version", "unreadable", "not_given") from error
    if changed:
        refused = unprocessable(Problems(found=changed), call.language)
        detail = gettext("The form has changed since it was filled in.")
        raise HTTPException(status_code=409, detail=detail, extra=refused.extra)


def _sent_request(request_type: RequestType | None, body: dict[str, Any]) -> dict[str, Any]:
    """What is asked for, as a program sends it."""
    sent = {name: body.get(name) for name in ("language", "answers", "place", "requester")}
    return sent | {"answers": as_programs_send(request_type.form.fields(), sent["answers"])} if request_type else sent


def _insistence(call: Call, body: dict[str, Any]) -> Insistence:
    """`true` insists where that is open to everybody; words are a reason, which a token of the town may give."""
    given = body.get("insist", False)
    if given is False:
        return NOBODY
    if given is True:
        return Insistence()
    if call.token is None or not call.token.allows("requests:write"):
        raise forbidden(gettext("Only a token with `requests:write` may insist with a reason."))
    if not isinstance(given, str) or not given.strip():
        raise faulty("insist", "wrong_kind", gettext("`insist` is true, or a reason in words."))
    return Insistence(reason=clean(given).strip()[:LONGEST_REASON], by_town=True)


def _channel(call: Call, body: dict[str, Any]) -> Channel:
    given = body.get("channel", "api")
    if given == "api":
        return "api"
    if call.token is None or not call.token.allows("requests:write"):
        raise forbidden(gettext("Only a token with `requests:write` may name another channel."))
    if given not in get_args(Channel):
        raise faulty("channel", "not_offered", "one_of", offered=", ".join(get_args(Channel)))
    return given  # type: ignore[no-any-return]


@operation(
    "GET /requests/{reference}",
    "One request: its public part, with the key the requester's view, with a token what its scopes allow",
    key=True,
)
async def show_request(call: Given[Call], public_access: Given[Access]) -> RequestShape:
    return await shape_of(call, public_access.record, public_access.viewer)


async def shape_of(call: Call, record: Record, viewer: Viewer) -> RequestShape:
    """A request as this viewer may see it."""
    request_type = await type_of_record(call.host, record)
    public = viewer.kind == "public"
    beside = KnownBeside() if public else await known_beside(record, (FILES,))
    shown = present(call.host, record, request_type, viewer, beside.contact)
    staff = viewer.is_staff
    has_files = not public and FILES not in beside.lacking
    files = await files_reaching(viewer, record, call.host.jurisdictions) if has_files else ()
    other = await goes_on_with(record)
    named = other is not None and any(sees(each, other, call.host.jurisdictions) for each in _seeing(viewer))
    return told_as(
        RequestShape,
        shown,
        title=languages(shown.title),
        state_title=languages(shown.state_title),
        late=shown.is_late,
        language=UNSET if public else shown.language,
        channel=UNSET if public else shown.channel,
        identity=UNSET if public else shown.identity,
        unit=shown.unit if staff else UNSET,
        assignee=(str(shown.assignee) if shown.assignee else None) if staff else UNSET,
        requester=UNSET if shown.contact is None else shown.contact,
        external_references=shown.external_references if staff else UNSET,
        files=UNSET if public else [file_shape(each.attachment) for each in files],
        moves=UNSET
        if public
        else [
            MoveShape(code=each.code, title=languages(each.title), schema=each.asks.json_schema(call.language))
            for each in await possible(call.host, record, request_type, shown.moves)
        ],
        merged_into=UNSET if other is None else other.reference if named else None,
    )


def _seeing(viewer: Viewer) -> tuple[Viewer, ...]:
    """As whom the caller may see other requests: the key of one opens no other."""
    return (PUBLIC, viewer) if viewer.is_staff else (PUBLIC,)


@operation("GET /requests/{reference}/story", "What happened to a request, oldest first", key=True)
async def show_story(call: Given[Call], public_access: Given[Access]) -> Story:
    lines = await story(call.host, public_access.record, public_access.viewer, call.language)
    return Story(
        items=[
            told_as(
                StoryEntry,
                line,
                answers=[
                    AnswerShape(code=each.field.code, label=each.label.to(call.language), value=each.value)
                    for each in line.answers
                ],
                files=[file_shape(each) for each in line.attachments],
            )
            for line in lines
        ]
    )


@operation(
    "GET /requests",
    "Requests in the order of their last change: public ones, or with a token those that it may read",
    query={
        "updated_since": {"type": "string", "format": "date-time"},
        "limit": WHOLE,
        "cursor": WORDS,
        "fields": FIELDS,
        "unit": SEVERAL | {"description": "Units of the town; with a token that has the scope `requests:read`"},
        "person": WORDS | {"description": "Reference of a request: those of the same person; takes `contacts:read`"},
        **NARROWING,
    },
    problems=(403,),
)
async def list_requests(
    call: Given[Call], request: AnyRequest, limit: FromQuery[int] = 50, cursor: FromQuery[str] = ""
) -> RequestList:
    filters = filters_in(request, call)
    if person := request.query_params.get("person", ""):
        filters = structs.replace(filters, conditions=(await of_same_person(call, person),))
    await refuse_unknown(call, filters, lambda name, _: name)
    # A token that is for something else reads what anybody may.
    viewer = call.viewer if call.token is None or call.token.allows("requests:read") else PUBLIC
    if viewer.kind == "public" and public_list(call.host, call.town) is None:
        return RequestList(items=[], total=0)
    try:
        page = await queue(call.host, viewer, call.town.code, filters, sort="updated", limit=limit, cursor=cursor)
    except BadCursor as error:
        raise faulty("cursor", "unreadable", "not_given") from error
    call.host.of(AccessLog).listed(viewer, call.town.code, "GET /requests", len(page.rows))
    return told_as(RequestList, page, items=[listed_request(row, staff=viewer.is_staff) for row in page.rows])


def listed_request(row: Row, *, staff: bool) -> ListedRequest:
    """One line of a list, with what only the people of the town are told of it."""
    return told_as(
        ListedRequest,
        row,
        title=languages(row.title),
        state_title=languages(row.state_title),
        late=row.is_late,
        unit=row.unit if staff else UNSET,
        channel=row.channel if staff else UNSET,
    )
