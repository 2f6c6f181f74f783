"""Signed calls of payment providers: believed by their signature alone, settled as often as they come."""

from functools import partial

from litestar import post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.api.calls import AnyRequest, call_of, limited
from parvis.house.trying import Done, attempt
from parvis.requests.heart import Heart
from parvis.requests.money.settling import settle
from parvis_sdk.payments import PaymentProvider, Report, SignedCall

LIMIT = 5.0
LARGEST = 64_000


class CallTaken(Struct, frozen=True, kw_only=True):
    """How many of the payments that a call tells of have changed by it; none when it was told before."""

    changed: int


@post("/payments/{provider:str}/calls", status_code=200)
async def take_call(request: AnyRequest, provider: FromPath[str]) -> CallTaken:
    """What a provider says of payments; it may be told again, late and in any order."""
    call = await call_of(request)
    limited(call, "read")
    known = call.heart.house.payments.get(provider)
    if known is None:
        raise HTTPException(status_code=404, detail="No such provider is installed.")
    body = await request.body()
    if len(body) > LARGEST:
        raise HTTPException(status_code=413, detail="The call is too long.")
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = SignedCall(town=call.town.code, headers=headers, body=body, at=clock.now())
    reports = await _understood(call.heart, known, signed)
    settled = [await settle(call.heart, call.town, provider, report) for report in reports]
    return CallTaken(changed=settled.count("settled"))


async def _understood(heart: Heart, provider: PaymentProvider, signed: SignedCall) -> list[Report]:
    understood = partial(provider.understand, signed)
    tried = await attempt(understood, LIMIT, function=type(provider), threads=heart.threads)
    if isinstance(tried, Done):
        return list(tried.value)
    if tried.kind == "refused":
        raise HTTPException(status_code=400, detail=f"The call is not believed: {tried.what}.")
    raise HTTPException(status_code=503, detail="The call could not be read; send it again.")


HANDLERS = (take_call,)
