"""Rehearsing a connector of a town: the same settings, another system that has every weather, and nothing written."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from datetime import timedelta
from ssl import SSLContext
from typing import Any
from uuid import UUID

import httpx
from msgspec import Struct, structs

from parvis import clock
from parvis.db import HouseRuleBroken
from parvis.http_client import Clients, client_over, trusting
from parvis.outbox import DeliveryClaim
from parvis.outbox.deliveries import CONNECTOR
from parvis.plugins.threads import PluginThreads
from parvis.plugins.trying import Failure, Success, attempt
from parvis.requests.host import Host
from parvis.requests.payloads import town_told
from parvis.troubles import said
from parvis.worker.dispatch import outcome_of, receiver_of
from parvis.worker.verdicts import judge
from parvis_sdk.connectors import Connection, Connector
from parvis_sdk.requests import Town
from parvis_sdk.testing.connected import Told, first_of_each, served, told_of
from parvis_sdk.testing.rehearsal import NEVER_WHOLE, WEATHERS, BadCounterpart, Led, Rehearsed, Weather, files_of

AT_ONCE = 4  # of an honest measure of time, on one processor
LONGEST = 10.0  # seconds of a delivery in a rehearsal: what hangs is known by then, and no busy machine looks like it
WITHOUT_ANSWER = 3.0  # where nothing else can come than its end
NOBODY = UUID(int=0)


class Rehearsal(Struct, frozen=True, kw_only=True):
    """One weather for a request of one type: what became of the delivery, the wait before the next try, the words."""

    type: str
    event: str
    rehearsed: Rehearsed
    again_in: timedelta | None
    words: str


async def rehearsals(host: Host, connector: Connector, types: Collection[str] = ()) -> AsyncIterator[Rehearsal]:
    """Every weather for a sample request of each type that the connector serves, or of those named.

    What is played is the first event about which it asks its system, or the last one where it asks about none.
    """
    town, trust, room = _town(host, connector), trusting(host.of(Clients).outgoing.ca), asyncio.Semaphore(AT_ONCE)

    async def first_asked(told: Sequence[Told], weather: Weather) -> Rehearsal | None:
        found = None
        async with room:
            for each in told:
                found = await _rehearse(host, connector, each, weather, trust)
                if found.rehearsed.calls:
                    break
        return found

    for request_type in served(connector, host.plugins.request_types.values()):
        if types and request_type.code not in types:
            continue
        told = first_of_each(told_of(connector, [request_type], town))
        for played in await asyncio.gather(*(first_asked(told, weather) for weather in WEATHERS)):
            if played is not None:
                yield played


async def _rehearse(host: Host, connector: Connector, told: Told, weather: Weather, trust: SSLContext) -> Rehearsal:
    request_type, event, request = told
    claimed = DeliveryClaim(
        id=NOBODY,
        request=NOBODY,
        reference=request.reference,
        subscriber=f"{CONNECTOR}{connector.name}",
        event_id=event.id,
        event="",
        attempts=1,
        worker="rehearsal",
    )
    receiver = receiver_of(host.plugins, claimed)
    if receiver is None:
        raise HouseRuleBroken(f"{connector.name} is no connector of this house")
    pace = structs.replace(connector.pace, seconds=_patience(connector, weather), per_second=0.0)
    now = clock.now()
    async with BadCounterpart(weather) as other:

        async def deliver() -> Any:
            # Connections belong to the loop that opens them: that of the plugin's own thread, as in a worker.
            wire = httpx.AsyncHTTPTransport(verify=trust, trust_env=False)
            async with client_over(Led(other, wire), pace) as http:
                lent = Connection(http=http, now=now, content=files_of(request))
                return await connector.deliver(event, request, lent)

        answered = await attempt(
            deliver,
            pace.seconds,
            function=receiver.function,
            module=receiver.module,
            threads=host.given(PluginThreads),
        )
    tried = outcome_of(answered.value, receiver) if isinstance(answered, Success) else answered
    outcome = tried.value if isinstance(tried, Success) else None
    rehearsed, again_in, words = Rehearsed(weather=weather, became="done", outcome=outcome, calls=other.calls), None, ""
    if isinstance(tried, Failure):
        rehearsed = Rehearsed(
            weather=weather,
            became=tried.kind if tried.kind != "database" and tried.kind != "blocked" else "broken",
            said=str(tried),
            where=tried.where,
            retry_after=tried.retry_after,
            calls=other.calls,
        )
        verdict = judge(claimed, receiver, tried, luck=1.0)
        again_in = verdict.again - now if verdict.again else None
        words = f"{tried} · {said(verdict.trouble.now_what, 'en')}"
    return Rehearsal(type=request_type.code, event=event.id, rehearsed=rehearsed, again_in=again_in, words=words)


def _patience(connector: Connector, weather: Weather) -> float:
    """How many seconds one delivery may last; what has no end is ended by its size, however long that takes."""
    if weather.wire == "endless":
        return connector.pace.seconds
    return min(connector.pace.seconds, WITHOUT_ANSWER if weather.wire in NEVER_WHOLE else LONGEST)


def _town(host: Host, connector: Connector) -> Town:
    """A town that the connector serves, as it would be told of it."""
    plugin = host.plugins.connected_by(connector.name)
    towns = tuple(host.jurisdictions.by_code.values())
    serving = [
        town
        for town in towns
        if (not connector.towns or town.code in connector.towns) and plugin and town.allows_plugin(plugin.name)
    ]
    return town_told(host, (serving or towns)[0])
