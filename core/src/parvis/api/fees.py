"""What requests cost: estimates before they are made, charges line by line, paying, waiving, giving back."""

from typing import Any, TypeVar

import msgspec
from litestar import get, post
from litestar.exceptions import HTTPException
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from parvis import clock
from parvis.api.calls import (
    AnyRequest,
    Call,
    body_of,
    call_of,
    limited,
    read,
    require,
    seen,
    seen_version,
    unprocessable,
)
from parvis.api.fee_shapes import (
    Charges,
    Checkout,
    CounterPayment,
    EstimateShape,
    EstimateWanted,
    NewRefund,
    Waiver,
    charge_shape,
    estimate_shape,
)
from parvis.api.requests import actor_of
from parvis.requests.attached.attachments import waiting
from parvis.requests.changing import Conflict
from parvis.requests.drafting.drafts import holder_of
from parvis.requests.drafting.estimating import estimates_of_sent
from parvis.requests.heart import type_of
from parvis.requests.links import own_page_url, town_url
from parvis.requests.money import payments
from parvis.requests.money.paying import Away, Links, Sent, pay_online
from parvis.requests.money.providers import provider_of
from parvis.requests.money.refunding import refund_online
from parvis.requests.parts.fees import Charge, charges_of, fee_of, is_declared
from parvis.requests.parts.payments import payments_of
from parvis.requests.records import Record, type_of_record
from parvis.requests.visibility import Permission, Viewer, may
from parvis_sdk.cleaning import clean
from parvis_sdk.forms import as_programs_send
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied

LONGEST_WORDS = 500
TAKING: tuple[Permission, ...] = ("money", "work")
Sort = TypeVar("Sort", bound=Struct)


@post("/request-types/{code:str}/estimate", status_code=200)
async def estimate_fees(request: AnyRequest, code: FromPath[str]) -> list[EstimateShape]:
    """What a request would cost today by these answers; nothing is kept."""
    call = await call_of(request)
    limited(call, "read")
    kind = type_of(call.heart, call.town, code)
    if kind is None or (kind.opened_by == "town" and call.token is None):
        raise HTTPException(status_code=404, detail=f"This town offers no request type `{code[:60]}`.")
    wanted = await _sent(request, EstimateWanted)
    files = await waiting(holder_of(wanted.upload)) if wanted.upload else {}
    answers = as_programs_send(kind.form.fields(), wanted.answers)
    found = estimates_of_sent(call.town, kind, clock.now(), answers=answers, place=wanted.place, files=files)
    if isinstance(found, Problems):
        raise unprocessable(found, call.language)
    return [estimate_shape(each) for each in found]


@get("/requests/{reference:str}/charges")
async def list_charges(request: AnyRequest, reference: FromPath[str], key: FromQuery[str] = "") -> Charges:
    call = await call_of(request)
    limited(call, "read")
    record, viewer = await read(call, reference, key)
    return await _charges(call, record, viewer)


@post("/requests/{reference:str}/charges/{number:str}/checkout", status_code=200)
async def open_checkout(
    request: AnyRequest, reference: FromPath[str], number: FromPath[str], key: FromQuery[str] = ""
) -> Checkout:
    """Where the holder of the key pays; asked again, the same payment."""
    call = await call_of(request)
    limited(call, "write")
    record, viewer = await seen(call, reference, key)
    if not viewer.holds("act"):
        raise HTTPException(status_code=403, detail="Only the key of the request opens this.")
    provider = provider_of(call.heart, call.town)
    charge = await _charge(record, number)
    if provider is None:
        raise HTTPException(status_code=409, detail="This town takes no payment online.")
    links = Links(
        back=own_page_url(call.heart, call.town, record, call.language),  # no provider needs the key of a request
        calls=f"{town_url(call.heart, call.town)}/api/v1/payments/{provider.name}/calls",
    )
    answer = await pay_online(call.heart, call.town, record.reference, charge.id, language=call.language, links=links)
    if isinstance(answer, Denied):
        raise HTTPException(status_code=409, detail=answer.reason.to(call.language))
    if isinstance(answer, Away):
        raise HTTPException(status_code=503, detail=answer.reason.to(call.language))
    return Checkout(url=answer.url if isinstance(answer, Sent) else "")


@post("/requests/{reference:str}/charges/{number:str}/payments", status_code=200)
async def take_payment(request: AnyRequest, reference: FromPath[str], number: FromPath[str]) -> Charges:
    call, record, charge = await _begin(request, reference, number)
    sent = await _seen(request, CounterPayment)
    taken = await payments.take_at_counter(
        call.heart,
        record.reference,
        charge.id,
        way=sent.way,
        note=clean(sent.note)[:120],
        actor=actor_of(call),
        expected=sent.version,
    )
    return await _answer(call, taken)


@post("/requests/{reference:str}/charges/{number:str}/waiver", status_code=200)
async def waive_charge(request: AnyRequest, reference: FromPath[str], number: FromPath[str]) -> Charges:
    call, record, charge = await _begin(request, reference, number)
    sent = await _seen(request, Waiver)
    reason = clean(sent.reason).strip()[:LONGEST_WORDS]
    if not reason:
        raise HTTPException(status_code=422, detail="`reason` must be text.")
    waived = await payments.waive(
        call.heart, record.reference, charge.id, reason, actor=actor_of(call), expected=sent.version
    )
    return await _answer(call, waived)


@post("/requests/{reference:str}/charges/{number:str}/refunds", status_code=200)
async def refund_charge(request: AnyRequest, reference: FromPath[str], number: FromPath[str]) -> Charges:
    call, record, charge = await _begin(request, reference, number)
    sent = await _seen(request, NewRefund)
    heart, given = call.heart, record.reference
    known: dict[str, Any] = {"actor": actor_of(call), "expected": sent.version}
    if sent.way == "online":
        return await _answer(call, await refund_online(heart, call.town, given, charge.id, sent.amount, **known))
    note = clean(sent.note)[:120]
    return await _answer(
        call, await payments.give_back(heart, given, charge.id, sent.amount, way=sent.way, note=note, **known)
    )


async def _begin(request: AnyRequest, reference: str, number: str) -> tuple[Call, Record, Charge]:
    call = await call_of(request)
    limited(call, "write")
    require(call, "requests:write")
    record, viewer = await seen(call, reference)
    if not all(may(viewer, right, record, call.heart.territory) for right in TAKING):
        raise HTTPException(status_code=403, detail="You may see this request but not do this with it.")
    return call, record, await _charge(record, number)


async def _seen(request: AnyRequest, kind: type[Sort]) -> Sort:
    """What changes a charge: it names the version of the request that its sender saw."""
    seen_version(await body_of(request))
    return await _sent(request, kind)


async def _sent(request: AnyRequest, kind: type[Sort]) -> Sort:
    try:
        return msgspec.convert(await body_of(request), kind)
    except msgspec.ValidationError as error:
        raise HTTPException(status_code=422, detail=str(error)) from error


async def _charge(record: Record, number: str) -> Charge:
    found = next((each for each in await charges_of(record.id) if str(each.number) == number), None)
    if found is None:
        raise HTTPException(status_code=404, detail="The request has no such charge.")
    return found


async def _answer(call: Call, changed: Record | Denied | Conflict) -> Charges:
    if isinstance(changed, Denied):
        raise HTTPException(status_code=409, detail=changed.reason.to(call.language))
    if isinstance(changed, Conflict):
        detail = f"The request has changed; it is now at version {changed.version}."
        raise HTTPException(status_code=409, detail=detail)
    return await _charges(call, changed, call.viewer)


async def _charges(call: Call, record: Record, viewer: Viewer) -> Charges:
    """What the public sees of a request tells nothing of money."""
    if viewer.kind != "holder" and not may(viewer, "money", record, call.heart.territory):
        return Charges(charges=[])
    kind = await type_of_record(call.heart, record)
    moved = await payments_of(record.id)
    paid = {each.charge for each in moved}
    charges = [each for each in await charges_of(record.id) if is_declared(kind, each) or each.id in paid]
    return Charges(charges=[charge_shape(each, fee_of(kind, each), moved) for each in charges])


HANDLERS = (estimate_fees, list_charges, open_checkout, take_payment, waive_charge, refund_charge)
