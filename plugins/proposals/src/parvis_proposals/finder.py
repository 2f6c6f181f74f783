"""The finder that handlers are lent: other requests of their town, within the scope that is granted at that moment."""

import asyncio
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.shapes import METRES_PER_DEGREE
from parvis.plugins.registry import NamedSubscription
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.records import Record, record_of
from parvis.worker.connections import from_anywhere
from parvis_proposals.granting import is_granted
from parvis_sdk.errors import Later
from parvis_sdk.finding import MOST, FoundRequest, Near, Query, Scope, checked, matches, told_answers
from parvis_sdk.text import Text

SECONDS = 5.0  # that one search may take
MOST_LOOKED_AT = 2000  # requests, the newest first, among which answers are compared
TOO_SLOW = Text(fr="la recherche a pris plus de {seconds}\u00a0s", en="the search took more than {seconds} s")
log = structlog.get_logger("parvis.proposals")


class ToldOnce:
    """The subscriptions of which this process has said that nothing is granted to them."""

    def __init__(self) -> None:
        self.names: set[tuple[str, str]] = set()


class Searched(Struct, frozen=True, kw_only=True):
    """What is asked, and the scope of each type in which it is."""

    query: Query
    scopes: dict[str, Scope]


class ScopedFinder:
    """A `Finder` for one event; it searches from the host's own loop, whichever thread asks."""

    def __init__(self, host: Host, named: NamedSubscription, record: Record) -> None:
        self.host, self.named, self.record, self.calls = host, named, record, 0
        self._answer = from_anywhere(self._searched)

    async def find(
        self,
        *,
        type: str = "",
        near: Near | None = None,
        since: datetime | None = None,
        answers: Mapping[str, Any] | None = None,
    ) -> tuple[FoundRequest, ...]:
        """The newest that are asked for; nothing where nothing is granted."""
        self.calls += 1
        query = Query(type=type, near=near, since=since, answers=answers or {})
        scopes = checked(self.named.subscription.finds, query, self.calls)
        return await self._answer(Searched(query=query, scopes=scopes))

    async def _searched(self, asked: Searched) -> tuple[FoundRequest, ...]:
        if not await is_granted(self.record.jurisdiction, self.named):
            self._say_once()
            return ()
        try:
            return await asyncio.wait_for(self._found(asked), SECONDS)
        except TimeoutError as error:
            raise Later(TOO_SLOW.format(seconds=SECONDS), only_this=True) from error

    def _say_once(self) -> None:
        told, key = self.host.of(ToldOnce).names, (self.record.jurisdiction, self.named.name)
        if key not in told:
            told.add(key)
            log.warning("nothing is granted to a subscription that finds requests", town=key[0], subscription=key[1])

    async def _found(self, asked: Searched) -> tuple[FoundRequest, ...]:
        found: list[FoundRequest] = []
        for record in await candidates(self.record, asked):
            if record.excluded_agents:
                continue  # somebody of the town must not know of it
            request_type = (await declaration(self.host, record.declaration)) if record.declaration else None
            if request_type is None:
                continue
            scope = asked.scopes[record.type]
            told = told_answers(scope, request_type, record.answers, named=record.identity == "named")
            if matches(asked.query, record.place, record.submitted_at, told):
                found.append(
                    FoundRequest(
                        reference=record.reference,
                        type=record.type,
                        state=record.state,
                        phase=record.phase,
                        submitted_at=record.submitted_at,
                        place=record.place if scope.place else None,
                        answers=told,
                    )
                )
            if len(found) == MOST:
                break
        return tuple(found)


async def candidates(record: Record, asked: Searched) -> list[Record]:
    """Requests of the same town and of the types that are searched, not erased, not merged, the newest first."""
    table, query = ServiceRequest, asked.query
    where = (
        (table.jurisdiction == record.jurisdiction)
        & table.type.is_in(list(asked.scopes))
        & table.erased_at.is_null()
        & table.merged_into.is_null()
        & (table.id != record.id)
    )
    if query.since is not None:
        where &= table.submitted_at >= query.since
    if query.near is not None:
        place, metres = query.near
        if place is None or place.lon is None or place.lat is None:
            return []
        tall = (metres + 1) / METRES_PER_DEGREE
        wide = tall / max(0.05, math.cos(math.radians(place.lat)))
        where &= (table.lat >= place.lat - tall) & (table.lat <= place.lat + tall)
        where &= (table.lon >= place.lon - wide) & (table.lon <= place.lon + wide)
    rows = (
        await table.select().where(where).order_by(table.submitted_at, table.id, ascending=False).limit(MOST_LOOKED_AT)
    )
    return [record_of(row) for row in rows]
