"""Calls of other systems to their connectors: believed by their signature alone, taken in as often as they come."""

from functools import partial

from litestar import post
from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.api.calls import AnyRequest, call_of, limited
from parvis.connectors.arrivals import take
from parvis.house.trying import Done, attempt
from parvis.requests.heart import Heart
from parvis_sdk.connectors import Connector, Understand
from parvis_sdk.payments import SignedCall
from parvis_sdk.subscriptions import Update

LIMIT = 5.0
LARGEST = 20_000_000  # bytes; a call may bring photos


class NewsTaken(Struct, frozen=True, kw_only=True):
    """How many pieces of news a call brought, how many are new, and how many nobody could place yet."""

    received: int
    taken: int
    unplaced: int


@post("/connectors/{connector:str}/calls", status_code=200, request_max_body_size=LARGEST)
async def take_news(request: AnyRequest, connector: FromPath[str]) -> NewsTaken:
    """What another system says; it may be told again, late and in any order."""
    call = await call_of(request)
    limited(call, "read")
    known = call.heart.house.connectors.get(connector)
    if known is None or known.understand is None:
        raise HTTPException(status_code=404, detail="No connector of this name takes calls.")
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    updates = await _understood(
        call.heart, known, known.understand, SignedCall(town=call.town.code, headers=headers, body=body, at=clock.now())
    )
    arrivals = [await take(call.heart, known, update) for update in updates]
    taken = sum(arrival in ("taken", "late") for arrival in arrivals)
    unplaced = sum(arrival in ("unknown", "ambiguous", "foreign", "elsewhere") for arrival in arrivals)
    return NewsTaken(received=len(arrivals), taken=taken, unplaced=unplaced)


async def _understood(
    heart: Heart, connector: Connector, understand: Understand, signed: SignedCall
) -> tuple[Update, ...]:
    tried = await attempt(partial(understand, signed), LIMIT, function=understand, threads=heart.threads)
    if isinstance(tried, Done) and all(isinstance(each, Update) for each in tried.value):
        return tuple(tried.value)
    if not isinstance(tried, Done) and tried.kind == "refused":
        raise HTTPException(status_code=400, detail=f"The call is not believed: {tried.what}.")
    raise HTTPException(status_code=503, detail=f"The call could not be read by {connector.name}; send it again.")


HANDLERS = (take_news,)
