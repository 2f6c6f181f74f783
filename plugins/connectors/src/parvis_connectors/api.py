"""Connected systems: how each stands, for machines that watch them, and their calls.

A call is believed by its signature alone, and taken in as often as it comes.
"""

from datetime import datetime
from functools import partial
from typing import Literal

from litestar.exceptions import HTTPException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.api.calls import AnyRequest, Call, Given
from parvis.api.operations import operation
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Success, attempt
from parvis.requests.host import Host
from parvis_connectors.standing import ConnectorStatus, standings
from parvis_connectors.unmatched_updates import take
from parvis_sdk.connectors import Connector, Understand
from parvis_sdk.payments import SignedCall
from parvis_sdk.subscriptions import Update

LIMIT = 5.0
LARGEST = 20_000_000  # bytes; a call may bring photos


class ConnectorShape(Struct, frozen=True, kw_only=True):
    """How one connected system stands. `state` is "resting" while it is left alone after failures, and
    "paused" until a person resumes it."""

    name: str
    title: str
    state: Literal["well", "failing", "resting", "paused"]
    open_until: datetime | None
    failures: int
    trouble: str
    waiting: int
    postponed: int
    dead: int
    done_last_hour: int
    oldest: datetime | None
    strays: int
    polled_at: datetime | None
    poll_failures: int
    poll_trouble: str
    needs_somebody: bool


class Connectors(Struct, frozen=True, kw_only=True):
    """Every connected system of the town, by name."""

    connectors: list[ConnectorShape]


@operation("GET /connectors", "Connected systems: how each stands", scope="operate", tag="connectors")
async def list_connectors(call: Given[Call]) -> Connectors:
    """Those of this town, by name."""
    found = await standings(call.host)
    ours = [each for each in found if not each.connector.towns or call.town.code in each.connector.towns]
    return Connectors(connectors=[_shape(each, call.language) for each in ours])


def _shape(each: ConnectorStatus, language: str) -> ConnectorShape:
    reading = each.reading
    return ConnectorShape(
        name=each.connector.name,
        title=each.connector.title.to(language),
        state=each.weather,
        open_until=each.open_until,
        failures=each.failures,
        trouble=each.last_trouble.to(language) if each.last_trouble else "",
        waiting=each.waiting,
        postponed=each.postponed,
        dead=each.dead,
        done_last_hour=each.done,
        oldest=each.oldest,
        strays=each.strays,
        polled_at=reading.polled_at if reading else None,
        poll_failures=reading.failures if reading else 0,
        poll_trouble=reading.trouble.to(language) if reading and reading.trouble else "",
        needs_somebody=each.needs_somebody,
    )


class NewsTaken(Struct, frozen=True, kw_only=True):
    """How many pieces of news a call brought, how many are new, and how many nobody could place yet."""

    received: int
    taken: int
    unplaced: int


@operation(
    "POST /connectors/{connector}/calls",
    "For other systems: a signed call that brings news of requests, as often as it comes",
    any_query=True,
    pace="read",
    problems=(413,),
    tag="connectors",
    largest=LARGEST,
)
async def take_connector_call(call: Given[Call], request: AnyRequest, connector: FromPath[str]) -> NewsTaken:
    """What another system says; it may be told again, late and in any order."""
    known = call.host.plugins.connectors.get(connector)
    if known is None or known.understand is None:
        raise HTTPException(status_code=404, detail="No connector of this name takes calls.")
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    updates = await _understood(
        call.host, known, known.understand, SignedCall(town=call.town.code, headers=headers, body=body, at=clock.now())
    )
    arrivals = [await take(call.host, known, update) for update in updates]
    taken = sum(arrival in ("taken", "late") for arrival in arrivals)
    unplaced = sum(arrival in ("unknown", "ambiguous", "foreign", "elsewhere") for arrival in arrivals)
    return NewsTaken(received=len(arrivals), taken=taken, unplaced=unplaced)


async def _understood(
    host: Host, connector: Connector, understand: Understand, signed: SignedCall
) -> tuple[Update, ...]:
    tried = await attempt(partial(understand, signed), LIMIT, function=understand, threads=host.given(PluginThreads))
    if isinstance(tried, Success) and all(isinstance(each, Update) for each in tried.value):
        return tuple(tried.value)
    if not isinstance(tried, Success) and tried.kind == "refused":
        raise HTTPException(status_code=400, detail=f"The call is not believed: {tried.what}.")
    raise HTTPException(status_code=503, detail=f"The call could not be read by {connector.name}; send it again.")
