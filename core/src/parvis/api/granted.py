"""What was granted, by the API: until when it holds, what it demands, proofs, decisions on them, and due dates."""

from datetime import date, datetime, timedelta
from typing import Any, get_args

import msgspec
from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import UNSET

from parvis import clock
from parvis.api.calls import (
    AnyRequest,
    Call,
    answers_in,
    body_of,
    call_of,
    limited,
    require,
    seen,
    seen_version,
    text_in,
    unprocessable,
)
from parvis.api.granted_shapes import (
    DeadlineList,
    DeadlineShape,
    GrantedShape,
    ObligationDecision,
    ObligationShape,
    ProofSent,
    TransferOffered,
    ValidityShape,
)
from parvis.api.operations import WHOLE, WORDS, Operation
from parvis.api.requests import actor_of
from parvis.api.shapes import languages
from parvis.requests.changing import Conflict
from parvis.requests.drafting.drafts import holder_of
from parvis.requests.granted import proving
from parvis.requests.granted.deadlines import DeadlineFilters, What, deadlines_for
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.parts.days import last_day
from parvis.requests.parts.obligations import obligations_of
from parvis.requests.parts.owing import Owed
from parvis.requests.parts.terms import Held
from parvis.requests.parts.validity import validity_of
from parvis.requests.persons import transferring
from parvis.requests.persons.parties import actor_of as actor_who_holds
from parvis.requests.records import Record, type_of_record
from parvis.requests.visibility import Viewer, may, sees_answer, those
from parvis_sdk.forms import Form
from parvis_sdk.obligations import Obligation
from parvis_sdk.problems import Problems
from parvis_sdk.validity import Validity
from parvis_sdk.workflow import Denied

WHAT: tuple[What, ...] = get_args(What)
MOST_DAYS = 730
NOT_YOURS = "You may see this request but not do this with it."


@get("/requests/{reference:str}/granted")
async def show_granted(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> GrantedShape:
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await seen(call, reference, key)
    return await granted_of(call, record, viewer)


async def granted_of(call: Call, record: Record, viewer: Viewer) -> GrantedShape:
    """What this viewer may know of it: the public nothing, for what somebody owes is theirs."""
    if viewer.kind == "public":
        raise HTTPException(status_code=403, detail="What was granted is told to its holder and to the town.")
    kind = await type_of_record(call.heart, record)
    validities = {each.code: each for each in kind.of(Validity)}
    declared = {each.code: each for each in kind.of(Obligation)}
    held = [each for each in await validity_of(record.id) if each.code in validities]
    owed = [each for each in await obligations_of(record.id) if each.code in declared]
    return GrantedShape(
        validities=[_validity(call, each, validities[each.code]) for each in held],
        obligations=[await _obligation(call, record, viewer, each, declared[each.code]) for each in owed],
    )


def _day(call: Call, until: datetime | None) -> date | None:
    return last_day(call.town.calendar, until) if until else None


def _validity(call: Call, held: Held, declared: Validity) -> ValidityShape:
    now = clock.now()
    return ValidityShape(
        code=held.code,
        title=languages(declared.title),
        state=held.state,
        since=held.since,
        last_day=_day(call, held.until),
        renewable=held.renewing_since is None and held.may_be_renewed(now),
        renewable_until=_day(call, held.renewable_until),
        renewing_since=held.renewing_since,
        renewals=held.renewals,
        suspended_until=_day(call, held.suspended_until),
        held_over=held.is_held_over(now),
    )


async def _obligation(call: Call, record: Record, viewer: Viewer, owed: Owed, declared: Obligation) -> ObligationShape:
    proof = declared.proof(owed.proof)
    answers: dict[str, Any] = {}
    if proof is not None and owed.sent:
        answers = those(
            proof.form.fields(),
            await proving.last_proof(record, owed),
            lambda field: sees_answer(viewer, field, record, call.heart.territory),
        )
    return ObligationShape(
        id=str(owed.id),
        code=owed.code,
        title=languages(declared.title),
        demand=languages(owed.demand),
        state=owed.state,
        imposed_at=owed.imposed_at,
        due=_day(call, owed.due_at),
        schema=proof.form.json_schema(call.language) if proof and owed.is_live else UNSET,
        proof=answers or UNSET,
    )


@post("/requests/{reference:str}/obligations/{id:str}/proof", status_code=200)
async def send_proof(
    request: AnyRequest, reference: FromPath[str], id: FromPath[str], key: FromQuery[str] = ""
) -> GrantedShape:
    call, record, viewer, body = await _begin(request, reference, key)
    if viewer.kind == "holder" and not viewer.holds("answer"):
        raise HTTPException(status_code=403, detail=NOT_YOURS)
    answers = answers_in(body, await _proof_form(call, record, id))
    upload = text_in(body, "upload", most=200, required=False)
    actor = actor_who_holds(viewer) if viewer.kind == "holder" else actor_of(call)
    holder = holder_of(upload) if upload else ""
    done = await proving.send_proof(call.heart, record.reference, id, answers, actor=actor, holder=holder)
    return await _answer(call, done, viewer)


async def _proof_form(call: Call, record: Record, id: str) -> Form:
    """What the proof of an obligation is asked by; nothing where there is none to send, which is said in its turn."""
    kind = await type_of_record(call.heart, record)
    owed = next((each for each in await obligations_of(record.id) if str(each.id) == id), None)
    declared = next((each for each in kind.of(Obligation) if owed and each.code == owed.code), None)
    proof = declared.proof(owed.proof) if owed and declared else None
    return proof.form if proof else Form()


@post("/requests/{reference:str}/obligations/{id:str}/decision", status_code=200)
async def decide_obligation(request: AnyRequest, reference: FromPath[str], id: FromPath[str]) -> GrantedShape:
    call, record, viewer, body = await _begin(request, reference)
    seen = seen_version(body)
    try:
        asked = msgspec.convert(body, ObligationDecision)
    except msgspec.ValidationError as error:
        raise HTTPException(status_code=422, detail=str(error)) from error
    if asked.deed in ("send_back", "waive") and not asked.reason.strip():
        raise HTTPException(status_code=422, detail="`reason` is missing: its holder reads it.")
    known: dict[str, Any] = {"actor": actor_of(call), "expected": seen}
    heart, ours = call.heart, record.reference
    match asked.deed:
        case "accept":
            done = await proving.accept(heart, ours, id, words=asked.reason, **known)
        case "send_back":
            done = await proving.send_back(heart, ours, id, reason=asked.reason, **known)
        case "waive":
            done = await proving.waive(heart, ours, id, reason=asked.reason, **known)
        case _:
            if asked.day is None:
                raise HTTPException(status_code=422, detail="`day` is missing.")
            done = await proving.postpone(heart, ours, id, day=asked.day, reason=asked.reason, **known)
    return await _answer(call, done, viewer)


@post("/requests/{reference:str}/transfers", status_code=200)
async def offer_transfer(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> GrantedShape:
    call, record, viewer, body = await _begin(request, reference, key)
    if viewer.kind == "holder" and not viewer.is_requester:
        raise HTTPException(status_code=403, detail=NOT_YOURS)
    code = text_in(body, "validity", most=60)
    raw = {name: body[name] for name in ("name", "email", "words") if body.get(name)}
    actor = actor_who_holds(viewer) if viewer.kind == "holder" else actor_of(call)
    return await _answer(call, await transferring.offer(call.heart, record.reference, code, raw, actor=actor), viewer)


@get("/deadlines")
async def list_deadlines(
    request: AnyRequest,
    what: FromQuery[str] = "all",
    unit: FromQuery[str] = "",
    days: FromQuery[int] = 90,
    limit: FromQuery[int] = 50,
    cursor: FromQuery[str] = "",
) -> DeadlineList:
    call = await call_of(request)
    limited(call, "read")
    require(call, "requests:read")
    wanted = next((each for each in WHAT if each == what), None)
    if wanted is None:
        raise HTTPException(status_code=422, detail=f"`what` is one of {', '.join(WHAT)}.")
    if not (1 <= limit <= 200 and 0 <= days <= MOST_DAYS):
        detail = f"`limit` is between 1 and 200, `days` between 0 and {MOST_DAYS}."
        raise HTTPException(status_code=422, detail=detail)
    # `type` is a word of Python, so it is read here.
    types = tuple(request.query_params.getall("type", []))
    filters = DeadlineFilters(what=wanted, types=types, units=(unit,) if unit else (), ahead=timedelta(days=days))
    try:
        page = await deadlines_for(call.heart, call.viewer, call.town.code, filters, limit=limit, cursor=cursor)
    except BadCursor as error:
        raise HTTPException(status_code=422, detail="`cursor` is none that a list here has given.") from error
    return DeadlineList(
        deadlines=[
            DeadlineShape(
                id=str(row.id),
                part=row.part,
                code=row.code,
                title=languages(row.title),
                state=row.state,
                day=_day(call, row.at),
                reference=row.reference,
                type=row.type,
                unit=row.unit,
            )
            for row in page.rows
        ],
        total=page.total,
        next_cursor=page.next_cursor,
    )


async def _begin(request: AnyRequest, reference: str, key: str = "") -> tuple[Call, Record, Viewer, dict[str, Any]]:
    call = await call_of(request)
    limited(call, "write")
    if not key:
        require(call, "requests:write")
    record, viewer = await seen(call, reference, key)
    if viewer.kind != "holder" and not may(viewer, "work", record, call.heart.territory):
        raise HTTPException(status_code=403, detail=NOT_YOURS)
    return call, record, viewer, await body_of(request)


async def _answer(call: Call, done: Record | Denied | Problems | Conflict, viewer: Viewer) -> GrantedShape:
    match done:
        case Problems():
            raise unprocessable(done, call.language)
        case Denied():
            status = 404 if done.code == "unknown" else 409
            raise HTTPException(status_code=status, detail=done.reason.to(call.language))
        case Conflict():
            detail = f"The request has changed; it is now at version {done.version}."
            raise HTTPException(status_code=409, detail=detail)
        case _:
            return await granted_of(call, done, viewer)


HANDLERS = (show_granted, send_proof, decide_obligation, offer_transfer, list_deadlines)
OPERATIONS = (
    Operation(
        method="get",
        path="/requests/{reference}/granted",
        id="show_granted",
        summary="Until when what was granted holds, and what it demands of its holder",
        answer=GrantedShape,
        key=True,
        errors=(403, 404),
        tag="granted",
    ),
    Operation(
        method="post",
        path="/requests/{reference}/obligations/{id}/proof",
        id="send_proof",
        summary="Send what shows that an obligation was met",
        answer=GrantedShape,
        body=ProofSent,
        scope="requests:write",
        key=True,
        errors=(400, 403, 404, 409, 415, 422),
        tag="granted",
    ),
    Operation(
        method="post",
        path="/requests/{reference}/obligations/{id}/decision",
        id="decide_obligation",
        summary="Accept a proof, send it back, give more time, or demand it no longer",
        answer=GrantedShape,
        body=ObligationDecision,
        scope="requests:write",
        errors=(400, 403, 404, 409, 415, 422, 428),
        tag="granted",
    ),
    Operation(
        method="post",
        path="/requests/{reference}/transfers",
        id="offer_transfer",
        summary="Offer what was granted to another person, who accepts by a private link",
        answer=GrantedShape,
        body=TransferOffered,
        scope="requests:write",
        key=True,
        errors=(400, 403, 404, 409, 415, 422),
        tag="granted",
    ),
    Operation(
        method="get",
        path="/deadlines",
        id="list_deadlines",
        summary="What soon ends, is owed or waits to be looked at, the first due at the top",
        answer=DeadlineList,
        query={
            "what": {"type": "string", "enum": list(WHAT), "default": "all"},
            "type": WORDS,
            "unit": WORDS,
            "days": {"type": "integer", "minimum": 0, "maximum": MOST_DAYS, "default": 90},
            "limit": WHOLE,
            "cursor": WORDS,
        },
        scope="requests:read",
        errors=(400, 403, 422),
        tag="granted",
    ),
)
