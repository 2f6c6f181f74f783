"""What was granted, by the API: until when it holds, what it requires, proofs, decisions on them, and due dates."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import UNSET, Struct, UnsetType

from parvis import clock
from parvis.api.calls import (
    Access,
    AnyRequest,
    Call,
    Edit,
    Given,
    among_answers,
    answers_in,
    faulty,
    forbidden,
    holder_in,
    overtaken,
    seen_version,
    shaped,
    text_in,
    unprocessable,
)
from parvis.api.operations import FIELDS, WHOLE, WORDS, operation
from parvis.api.shapes import Languages, ListAnswer, Moment, languages
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import last_day
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.parties import actor_of as actor_who_holds
from parvis.requests.records import Record
from parvis.requests.visibility import Viewer, sees_answer
from parvis_grants import proving, transferring
from parvis_grants.deadlines import DeadlineFilters, What, deadlines_for
from parvis_grants.obligations import obligations_of
from parvis_grants.validity import validity_of
from parvis_sdk.forms import Form
from parvis_sdk.obligation_rules import ObligationState
from parvis_sdk.obligations import Obligation
from parvis_sdk.problems import Problems
from parvis_sdk.standing_answers import those
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import ValidityState
from parvis_sdk.workflow import Denied

WHAT: tuple[What, ...] = get_args(What)
MOST_DAYS = 730


class ValidityShape(Struct, frozen=True, kw_only=True):
    """Until when something holds: `last_day` is the last day on which it does, in the town."""

    code: str
    title: Languages
    state: str
    since: Moment
    last_day: date | None
    renewable: bool
    renewable_until: date | None
    renewing_since: Moment | None
    renewals: int
    suspended_until: date | None
    held_over: bool


class ObligationShape(Struct, frozen=True, kw_only=True):
    """Something that the decision requires. `due` is the last day to do it; of what is met, the last of its proof.

    `schema` is a JSON Schema of the answers of its proof, where one may be sent now; `proof` are the answers of the one
    sent last, as far as the caller may see them.
    """

    id: str
    code: str
    title: Languages
    demand: Languages
    state: str
    imposed_at: Moment
    due: date | None
    schema: dict[str, Any] | UnsetType = UNSET
    proof: dict[str, Any] | UnsetType = UNSET


class GrantedShape(Struct, frozen=True, kw_only=True):
    """What was granted on a request, and what it requires of its holder."""

    validities: list[ValidityShape]
    obligations: list[ObligationShape]


class ProofSent(Struct, frozen=True, kw_only=True):
    """The answers of a proof; `upload` is that of the files named in them."""

    answers: dict[str, Any]
    upload: str = ""


class ObligationDecision(Struct, frozen=True, kw_only=True):
    """What the town makes of an obligation: to send back and to waive take a `reason`, to postpone a `day`."""

    deed: Literal["accept", "send_back", "postpone", "waive"]
    version: int
    reason: str = ""
    day: date | None = None


class TransferOffered(Struct, frozen=True, kw_only=True):
    """To whom what was granted is offered; `validity` is its code."""

    validity: str
    name: str
    email: str
    words: str = ""


class DeadlineShape(Struct, frozen=True, kw_only=True):
    """One thing that ends, is owed or waits to be looked at."""

    id: str
    part: str
    code: str
    title: Languages
    state: str
    day: date | None
    reference: str
    type: str
    unit: str


class DeadlineList(ListAnswer, frozen=True, kw_only=True):
    """A page of them, the first due at the top."""

    items: list[DeadlineShape]
    total: int


@operation(
    "GET /requests/{reference}/granted",
    "What was granted, until when, and what it requires of its holder",
    key=True,
    problems=(403,),
    tag="granted",
)
async def show_granted(call: Given[Call], access: Given[Access]) -> GrantedShape:
    return await granted_of(call, access.record, access.viewer)


async def granted_of(call: Call, record: Record, viewer: Viewer) -> GrantedShape:
    """What this viewer may know of it: the public nothing, for what somebody owes is theirs."""
    if viewer.kind == "public":
        raise HTTPException(status_code=403, detail=gettext("Only the holder and the town may see what was granted."))
    request_type = await type_of_record(call.host, record)
    validities = {each.code: each for each in request_type.of(Validity)}
    declared = {each.code: each for each in request_type.of(Obligation)}
    held = [each for each in await validity_of(record.id) if each.code in validities]
    owed = [each for each in await obligations_of(record.id) if each.code in declared]
    return GrantedShape(
        validities=[_validity(call, each, validities[each.code]) for each in held],
        obligations=[await _obligation(call, record, viewer, each, declared[each.code]) for each in owed],
    )


def _day(call: Call, until: datetime | None) -> date | None:
    return last_day(call.town.calendar, until) if until else None


def _validity(call: Call, held: ValidityState, declared: Validity) -> ValidityShape:
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


async def _obligation(
    call: Call, record: Record, viewer: Viewer, owed: ObligationState, declared: Obligation
) -> ObligationShape:
    proof = declared.proof(owed.proof)
    answers: dict[str, Any] = {}
    if proof is not None and owed.sent:
        answers = those(
            proof.form.fields(),
            await proving.last_proof(record, owed),
            lambda field: sees_answer(viewer, field, record, call.host.jurisdictions),
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


@operation(
    "POST /requests/{reference}/obligations/{id}/proof",
    "Send the proof that an obligation was met",
    body=ProofSent,
    scope="requests:write",
    key=True,
    rights=("work",),
    problems=(409,),
    tag="granted",
)
async def send_proof(call: Given[Call], edit: Given[Edit], id: FromPath[str]) -> GrantedShape:
    record, viewer, body = edit.record, edit.viewer, edit.body
    if viewer.kind == "holder" and not viewer.holds("answer"):
        raise forbidden(gettext("You may see this request, but you may not do this."))
    form = await _proof_form(call, record, id)
    answers = answers_in(body, form)
    actor = actor_who_holds(viewer) if viewer.kind == "holder" else call.actor
    holder = holder_in(body)
    done = await proving.send_proof(call.host, record.reference, id, answers, actor=actor, holder=holder)
    return await _answer(call, done, viewer, among_answers(form, ProofSent, body))


async def _proof_form(call: Call, record: Record, id: str) -> Form:
    """What the proof of an obligation is asked by; nothing where there is none to send, which is said in its turn."""
    request_type = await type_of_record(call.host, record)
    owed = next((each for each in await obligations_of(record.id) if str(each.id) == id), None)
    declared = next((each for each in request_type.of(Obligation) if owed and each.code == owed.code), None)
    proof = declared.proof(owed.proof) if owed and declared else None
    return proof.form if proof else Form()


@operation(
    "POST /requests/{reference}/obligations/{id}/decision",
    "Accept a proof, send it back, give more time, or waive the obligation",
    body=ObligationDecision,
    scope="requests:write",
    rights=("work",),
    problems=(409, 428),
    tag="granted",
)
async def decide_obligation(call: Given[Call], edit: Given[Edit], id: FromPath[str]) -> GrantedShape:
    seen = seen_version(edit.body)
    asked = shaped(edit.body, ObligationDecision)
    if asked.deed in ("send_back", "waive") and not asked.reason.strip():
        raise faulty("reason", "required", "missing")
    known: dict[str, Any] = {"actor": call.actor, "expected": seen}
    host, ours = call.host, edit.record.reference
    match asked.deed:
        case "accept":
            done = await proving.accept(host, ours, id, words=asked.reason, **known)
        case "send_back":
            done = await proving.send_back(host, ours, id, reason=asked.reason, **known)
        case "waive":
            done = await proving.waive(host, ours, id, reason=asked.reason, **known)
        case _:
            if asked.day is None:
                raise faulty("day", "required", "missing")
            done = await proving.postpone(host, ours, id, day=asked.day, reason=asked.reason, **known)
    return await _answer(call, done, edit.viewer)


@operation(
    "POST /requests/{reference}/transfers",
    "Offer what was granted to another person, who accepts by a private link",
    body=TransferOffered,
    scope="requests:write",
    key=True,
    rights=("work",),
    problems=(409,),
    tag="granted",
)
async def offer_transfer(call: Given[Call], edit: Given[Edit]) -> GrantedShape:
    record, viewer, body = edit.record, edit.viewer, edit.body
    if viewer.kind == "holder" and not viewer.is_requester:
        raise forbidden(gettext("You may see this request, but you may not do this."))
    code = text_in(body, "validity", most=60)
    raw = {name: body[name] for name in ("name", "email", "words") if body.get(name)}
    actor = actor_who_holds(viewer) if viewer.kind == "holder" else call.actor
    return await _answer(call, await transferring.offer(call.host, record.reference, code, raw, actor=actor), viewer)


@operation(
    "GET /deadlines",
    "What ends soon, is owed or waits for review, earliest first",
    query={
        "what": {"type": "string", "enum": list(WHAT), "default": "all"},
        "type": WORDS,
        "unit": WORDS,
        "days": {"type": "integer", "minimum": 0, "maximum": MOST_DAYS, "default": 90},
        "limit": WHOLE,
        "cursor": WORDS,
        "fields": FIELDS,
    },
    scope="requests:read",
    tag="granted",
)
async def list_deadlines(
    call: Given[Call],
    request: AnyRequest,
    what: FromQuery[str] = "all",
    unit: FromQuery[str] = "",
    days: FromQuery[int] = 90,
    limit: FromQuery[int] = 50,
    cursor: FromQuery[str] = "",
) -> DeadlineList:
    wanted = next((each for each in WHAT if each == what), None)
    if wanted is None:
        raise faulty("what", "not_offered", "one_of", offered=", ".join(WHAT))
    # `type` is a word of Python, so it is read here.
    types = tuple(request.query_params.getall("type", []))
    filters = DeadlineFilters(what=wanted, types=types, units=(unit,) if unit else (), ahead=timedelta(days=days))
    try:
        page = await deadlines_for(call.host, call.viewer, call.town.code, filters, limit=limit, cursor=cursor)
    except BadCursor as error:
        raise faulty("cursor", "unreadable", "not_given") from error
    return DeadlineList(
        items=[
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


async def _answer(
    call: Call, done: Record | Denied | Problems | Conflict, viewer: Viewer, at: Callable[[str], str] = str
) -> GrantedShape:
    match done:
        case Problems():
            raise unprocessable(done, call.language, at)
        case Denied():
            status = 404 if done.code == "unknown" else 409
            raise faulty("", done.code, done.reason.to(call.language), status=status)
        case Conflict():
            raise overtaken(done.version)
        case _:
            return await granted_of(call, done, viewer)
