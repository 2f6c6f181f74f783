"""Trying rules on the requests of the past: how many would have gone elsewhere, from where, and to where."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.db.tables import Row, ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.owners import owner_of
from parvis.jurisdictions.places import zones_at
from parvis.requests.declarations import declaration
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, where_for
from parvis.requests.visibility import Viewer
from parvis_routing.facts import gathered
from parvis_routing.rules import Decision, Facts, Rules, decide
from parvis_sdk.requests import Place

DAYS = 90
MOST = 50_000
PIECE = 1_000
EXAMPLES = 5
COLUMNS = "id, reference, declaration, channel, identity, answers, place, lon, lat, submitted_at"


class Shift(Struct, frozen=True, kw_only=True):
    """Requests that go from one unit to another, or to an owner; `examples` are the newest of them."""

    before: str
    after: str
    owner_before: str
    owner_after: str
    count: int
    examples: tuple[str, ...]


class Trial(Struct, frozen=True, kw_only=True):
    """What other rules make of `tried` requests since that moment; `pressing` are those of another priority.

    Where there are more requests than are tried, it is the newest.
    """

    since: datetime
    tried: int
    all_of_them: bool
    shifts: tuple[Shift, ...]
    pressing: int

    @property
    def moved(self) -> int:
        return sum(shift.count for shift in self.shifts)


async def try_out(
    host: Host, viewer: Viewer, town: Jurisdiction, now: Rules, then: Rules, *, days: int = DAYS, most: int = MOST
) -> Trial:
    """How the requests that the viewer sees would be routed by other rules than those of now.

    Read in pieces of which one at a time is held, the newest first.
    """
    since = clock.now() - timedelta(days=days)
    where, values = where_for(host, viewer, town.code, Filters(since=since))
    counts, pressing, tried = Counter[tuple[str, str, str, str]](), 0, 0
    examples: dict[tuple[str, str, str, str], list[str]] = {}
    asks = InputNeeds.of(now, then)
    last: UUID | None = None
    while tried < most:
        rows = await _piece(where, values, last, min(PIECE, most - tried))
        for row, facts in zip(rows, await _facts(host, town, rows, asks), strict=True):
            before, after = decide(now, facts, town), decide(then, facts, town)
            pressing += before.priority != after.priority
            if (way := _way(before, after)) is not None:
                counts[way] += 1
                if len(known := examples.setdefault(way, [])) < EXAMPLES:
                    known.append(row["reference"])
        tried += len(rows)
        if len(rows) < PIECE:
            break
        last = rows[-1]["id"]
    shifts = tuple(
        Shift(
            before=way[0],
            owner_before=way[1],
            after=way[2],
            owner_after=way[3],
            count=count,
            examples=tuple(examples[way]),
        )
        for way, count in counts.most_common()
    )
    return Trial(since=since, tried=tried, all_of_them=tried < most, shifts=shifts, pressing=pressing)


class InputNeeds(Struct, frozen=True, kw_only=True):
    """What rules look at, so that nothing else is found out for thousands of requests."""

    zones: bool
    owners: bool
    words: bool

    @classmethod
    def of(cls, *several: Rules) -> "InputNeeds":
        rules = [rule for each in several for rule in each.rules]
        return cls(
            zones=any(rule.zones for rule in rules),
            owners=any(rule.owners for rule in rules),
            words=any(rule.words for rule in rules),
        )


async def _piece(where: str, values: Sequence[Any], last: UUID | None, limit: int) -> list[Row]:
    after, more = (" AND id < {}", (last,)) if last is not None else ("", ())
    rows: list[Row] = await ServiceRequest.raw(
        f"SELECT {COLUMNS} FROM service_request WHERE {where} AND erased_at IS NULL{after} "  # noqa: S608 - ours
        f"ORDER BY id DESC LIMIT {limit}",
        *values,
        *more,
    )
    return rows


async def _facts(host: Host, town: Jurisdiction, rows: Sequence[Row], asks: InputNeeds) -> list[Facts]:
    points = [(row["lon"], row["lat"]) for row in rows]
    zones = zones_at(town, points) if asks.zones else [()] * len(rows)
    found = []
    for row, there in zip(rows, zones, strict=True):
        request_type = await declaration(host, row["declaration"])
        located = row["lon"] is not None and row["lat"] is not None
        owner = owner_of(town, request_type.code, row["lon"], row["lat"]) if asks.owners and located else None
        found.append(
            gathered(
                request_type,
                zones=there,
                owner=owner.code if owner else "",
                channel=row["channel"],
                requester=row["identity"],
                place=msgspec.json.decode(row["place"], type=Place | None) if asks.words and row["place"] else None,
                answers=msgspec.json.decode(row["answers"]),
                at=row["submitted_at"],
                words=asks.words,
            )
        )
    return found


def _way(before: Decision, after: Decision) -> tuple[str, str, str, str] | None:
    way = (before.unit, before.owner, after.unit, after.owner)
    went, goes = (before.owner or before.unit, bool(before.owner)), (after.owner or after.unit, bool(after.owner))
    return way if went != goes else None
