"""What requests cost, and paying it: estimates, charges line by line, payments, waivers, refunds, calls of providers.

A call is believed by its signature alone, and settled as often as it comes.
"""

from functools import partial
from typing import Any, Literal, TypeVar

from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Struct, structs

from parvis import clock
from parvis.api.calls import (
    Access,
    AnyRequest,
    Call,
    Edit,
    Given,
    body_of,
    faulty,
    overtaken,
    seen_version,
    shaped,
    unprocessable,
)
from parvis.api.operations import operation
from parvis.i18n import gettext
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Success, attempt
from parvis.requests.attached.attachments import waiting
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.drafting import holder_of
from parvis.requests.host import Host
from parvis.requests.links import own_page_url, town_url
from parvis.requests.offered import type_of
from parvis.requests.records import Record
from parvis.requests.visibility import Permission, may
from parvis_fees import at_the_desk
from parvis_fees.api_shapes import Charges, Estimates, EstimateWanted, charge_shape, estimate_shape
from parvis_fees.charges import Charge, charges_of, fee_of, is_declared
from parvis_fees.estimating import estimates_of_sent
from parvis_fees.paying import Away, Links, PaymentRedirect, pay_online
from parvis_fees.payments import payments_of
from parvis_fees.providers import provider_of
from parvis_fees.refunding import refund_online
from parvis_fees.settling import settle
from parvis_sdk.cleaning import clean
from parvis_sdk.forms import as_programs_send
from parvis_sdk.payments import PaymentProvider, Report, SignedCall
from parvis_sdk.problems import Problems
from parvis_sdk.workflow import Denied

Sort = TypeVar("Sort", bound=Struct)
LIMIT = 5.0
LARGEST = 64_000
LONGEST_WORDS = 500
TAKING: tuple[Permission, ...] = ("money", "work")


@operation(
    "POST /request-types/{code}/estimate",
    "What a request with these answers would cost today, line by line; nothing is stored",
    body=EstimateWanted,
    pace="read",
    tag="request types",
)
async def estimate_fees(call: Given[Call], request: AnyRequest, code: FromPath[str]) -> Estimates:
    request_type = type_of(call.host, call.town, code)
    if request_type is None or not call.knows(request_type):
        raise faulty("code", "not_found", "no_such_type", status=404)
    wanted = shaped(await body_of(request), EstimateWanted)
    files = await waiting(holder_of(wanted.upload)) if wanted.upload else {}
    answers = as_programs_send(request_type.form.fields(), wanted.answers)
    found = estimates_of_sent(call.town, request_type, clock.now(), answers=answers, place=wanted.place, files=files)
    if isinstance(found, Problems):
        raise unprocessable(found, call.language)
    return Estimates(items=[estimate_shape(each) for each in found])


@operation(
    "GET /requests/{reference}/charges",
    "What a request costs, line by line, and what was paid; never shown to the public",
    key=True,
    tag="payments",
)
async def list_charges(call: Given[Call], public_access: Given[Access]) -> Charges:
    return await charges_shown(call, public_access)


async def charges_shown(call: Call, access: Access) -> Charges:
    """What the public sees of a request tells nothing of money."""
    record = access.record
    if access.viewer.kind != "holder" and not may(access.viewer, "money", record, call.host.jurisdictions):
        return Charges(items=[])
    request_type = await type_of_record(call.host, record)
    moved = await payments_of(record.id)
    paid = {each.charge for each in moved}
    charges = [each for each in await charges_of(record.id) if is_declared(request_type, each) or each.id in paid]
    return Charges(items=[charge_shape(each, fee_of(request_type, each), moved) for each in charges])


class Checkout(Struct, frozen=True, kw_only=True):
    """Where the payer goes; empty when it has been paid meanwhile."""

    url: str


class CounterPayment(Struct, frozen=True, kw_only=True):
    """Money taken over the counter, always the whole of the charge."""

    way: Literal["cash", "cheque", "terminal"]
    note: str = ""
    version: int


class Waiver(Struct, frozen=True, kw_only=True):
    """Why a charge is let off; the requester is told."""

    reason: str
    version: int


class NewRefund(Struct, frozen=True, kw_only=True):
    """Cents to give back: "online" by the provider that took them, else noted as given back by hand."""

    amount: int
    way: Literal["cash", "cheque", "terminal", "online"]
    note: str = ""
    version: int


class CallTaken(Struct, frozen=True, kw_only=True):
    """How many of the payments that a call tells of have changed by it; none when it was told before."""

    changed: int


@operation(
    "POST /requests/{reference}/charges/{number}/checkout",
    "The address where the holder of the key pays online; repeated, the same payment",
    key=True,
    problems=(409,),
    tag="payments",
)
async def open_checkout(call: Given[Call], access: Given[Access], number: FromPath[str]) -> Checkout:
    record = access.record
    provider = provider_of(call.host, call.town)
    charge = await _charge(record, number)
    if provider is None:
        raise HTTPException(status_code=409, detail=gettext("This town does not accept online payments."))
    links = Links(
        back=own_page_url(call.host, call.town, record, call.language),  # no provider needs the key of a request
        calls=f"{town_url(call.host, call.town)}/api/v1/payments/{provider.name}/calls",
    )
    answer = await pay_online(call.host, call.town, record.reference, charge.id, language=call.language, links=links)
    if isinstance(answer, Denied):
        raise faulty("", answer.code, answer.reason.to(call.language), status=409)
    if isinstance(answer, Away):
        raise HTTPException(status_code=503, detail=answer.reason.to(call.language))
    return Checkout(url=answer.url if isinstance(answer, PaymentRedirect) else "")


@operation(
    "POST /requests/{reference}/charges/{number}/payments",
    "Record that a charge was paid at the counter",
    body=CounterPayment,
    scope="requests:write",
    rights=TAKING,
    problems=(409, 428),
    tag="payments",
)
async def take_payment(call: Given[Call], edit: Given[Edit], number: FromPath[str]) -> Charges:
    charge = await _charge(edit.record, number)
    sent = _sent(edit, CounterPayment)
    taken = await at_the_desk.take_at_counter(
        call.host,
        edit.record.reference,
        charge.id,
        way=sent.way,
        note=clean(sent.note)[:120],
        actor=call.actor,
        expected=sent.version,
    )
    return await _answer(call, taken, edit)


@operation(
    "POST /requests/{reference}/charges/{number}/waiver",
    "Waive a charge, with the reason that the requester is told",
    body=Waiver,
    scope="requests:write",
    rights=TAKING,
    problems=(409, 428),
    tag="payments",
)
async def waive_charge(call: Given[Call], edit: Given[Edit], number: FromPath[str]) -> Charges:
    charge = await _charge(edit.record, number)
    sent = _sent(edit, Waiver)
    reason = clean(sent.reason).strip()[:LONGEST_WORDS]
    if not reason:
        raise faulty("reason", "required", "missing")
    waived = await at_the_desk.waive(
        call.host, edit.record.reference, charge.id, reason, actor=call.actor, expected=sent.version
    )
    return await _answer(call, waived, edit)


@operation(
    "POST /requests/{reference}/charges/{number}/refunds",
    "Refund a payment through its provider, or record that it was refunded by hand",
    body=NewRefund,
    scope="requests:write",
    rights=TAKING,
    problems=(409, 428),
    tag="payments",
)
async def refund_charge(call: Given[Call], edit: Given[Edit], number: FromPath[str]) -> Charges:
    charge = await _charge(edit.record, number)
    sent = _sent(edit, NewRefund)
    host, given = call.host, edit.record.reference
    known: dict[str, Any] = {"actor": call.actor, "expected": sent.version}
    if sent.way == "online":
        return await _answer(call, await refund_online(host, call.town, given, charge.id, sent.amount, **known), edit)
    note = clean(sent.note)[:120]
    back = await at_the_desk.give_back(host, given, charge.id, sent.amount, way=sent.way, note=note, **known)
    return await _answer(call, back, edit)


def _sent(edit: Edit, kind: type[Sort]) -> Sort:
    """What changes a charge: it names the version of the request that its sender saw."""
    seen_version(edit.body)
    return shaped(edit.body, kind)


async def _charge(record: Record, number: str) -> Charge:
    found = next((each for each in await charges_of(record.id) if str(each.number) == number), None)
    if found is None:
        raise HTTPException(status_code=404, detail=gettext("The request does not have this fee."))
    return found


async def _answer(call: Call, changed: Record | Denied | Conflict, access: Access) -> Charges:
    if isinstance(changed, Denied):
        raise faulty("", changed.code, changed.reason.to(call.language), status=409)
    if isinstance(changed, Conflict):
        raise overtaken(changed.version)
    return await charges_shown(call, structs.replace(access, record=changed))


@operation(
    "POST /payments/{provider}/calls",
    "For payment providers: a signed call with the state of payments, which may be repeated",
    any_query=True,
    pace="read",
    problems=(413,),
    tag="payments",
    also_off=True,
)
async def take_payment_call(call: Given[Call], request: AnyRequest, provider: FromPath[str]) -> CallTaken:
    """What a provider says of payments; it may be told again, late, in any order, and after fees were switched off."""
    known = call.host.plugins.payments.get(provider)
    if known is None:
        raise HTTPException(status_code=404, detail=gettext("This provider is not installed."))
    body = await request.body()
    if len(body) > LARGEST:
        raise HTTPException(status_code=413, detail="The call is too long.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = SignedCall(town=call.town.code, headers=headers, body=body, at=clock.now())
    reports = await _understood(call.host, known, signed)
    settled = [await settle(call.host, call.town, provider, report) for report in reports]
    return CallTaken(changed=settled.count("settled"))


async def _understood(host: Host, provider: PaymentProvider, signed: SignedCall) -> list[Report]:
    understood = partial(provider.understand, signed)
    tried = await attempt(understood, LIMIT, function=type(provider), threads=host.given(PluginThreads))
    if isinstance(tried, Success):
        return list(tried.value)
    if tried.kind == "refused":
        raise HTTPException(status_code=400, detail=f"The call is not believed: {tried.what}.")
    raise HTTPException(status_code=503, detail="The call could not be read; send it again.")
