"""The finder that plugins are lent: other requests of a town, within the scope that is granted at that moment."""

import asyncio
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.shapes import METRES_PER_DEGREE
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.records import Record, record_of
from parvis.requests.scope_keeper import Search
from parvis.requests.visibility import answers_for, sees
from parvis.worker.connections import from_anywhere
from parvis_proposals.granting import search_is_granted
from parvis_sdk.errors import Later
from parvis_sdk.finding import MOST, MOST_CALLS, FoundRequest, Near, Query, Scope, checked, matches, told_answers
from parvis_sdk.panels import MOST_SEARCHES, Panel
from parvis_sdk.text import Text

SECONDS = 5.0  # that one search may take
MOST_LOOKED_AT = 2000  # requests, the newest first, among which answers are compared
MOST_OF_PAGE = 200  # the same, where somebody waits
TOO_SLOW = Text(fr="la recherche a pris plus de {seconds}\u00a0s", en="the search took more than {seconds} s")
log = structlog.get_logger("parvis.proposals")


class ToldOnce:
    """Those of whom this process has said that nothing is granted to them."""

    def __init__(self) -> None:
        self.names: set[tuple[str, str]] = set()


class Searched(Struct, frozen=True, kw_only=True):
    """What is asked, and the scope of each type in which it is."""

    query: Query
    scopes: dict[str, Scope]


class ScopedFinder:
    """A `Finder` for one run; it searches from the host's own loop, whichever thread asks."""

    def __init__(self, host: Host, search: Search) -> None:
        self.host, self.search, self.calls = host, search, 0
        self.most = MOST_SEARCHES if isinstance(search.noun, Panel) else MOST_CALLS
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
        scopes = checked(self.search.noun.finds, query, self.calls, self.most)
        return await self._answer(Searched(query=query, scopes=scopes))

    async def _searched(self, asked: Searched) -> tuple[FoundRequest, ...]:
        if not await search_is_granted(self.search):
            self._say_once()
            return ()
        try:
            return await asyncio.wait_for(self._found(asked), SECONDS)
        except TimeoutError as error:
            raise Later(TOO_SLOW.format(seconds=SECONDS), only_this=True) from error

    def _say_once(self) -> None:
        told, key = self.host.of(ToldOnce).names, (self.search.town, self.search.name)
        if key not in told:
            told.add(key)
            log.warning("nothing is granted to what would find requests", town=key[0], seeker=key[1])

    async def _found(self, asked: Searched) -> tuple[FoundRequest, ...]:
        found: list[FoundRequest] = []
        viewer, towns = self.search.viewer, self.host.jurisdictions
        for record in await candidates(self.search, asked):
            if record.excluded_agents:
                continue  # somebody of the town must not know of it
            if viewer is not None and not sees(viewer, record, towns):
                continue
            request_type = (await declaration(self.host, record.declaration)) if record.declaration else None
            if request_type is None:
                continue
            scope = asked.scopes[record.type]
            told = told_answers(scope, request_type, record.answers, named=record.identity == "named")
            if viewer is not None:
                shown = answers_for(viewer, record, request_type, towns)
                told = {code: value for code, value in told.items() if code in shown}
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


async def candidates(search: Search, asked: Searched) -> list[Record]:
    """Requests of the same town and of the types that are searched, not erased, not merged, the newest first."""
    table, query = ServiceRequest, asked.query
    where = (
        (table.jurisdiction == search.town)
        & table.type.is_in(list(asked.scopes))
        & table.erased_at.is_null()
        & table.merged_into.is_null()
    )
    if search.besides is not None:
        where &= table.id != search.besides
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
    most = MOST_LOOKED_AT if search.viewer is None else MOST_OF_PAGE
    rows = await table.select().where(where).order_by(table.submitted_at, table.id, ascending=False).limit(most)
    return [record_of(row) for row in rows]
