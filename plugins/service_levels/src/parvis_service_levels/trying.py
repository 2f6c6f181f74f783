"""Other lines of service levels tried on the past: the promises that would have been others, kept under both or not.

Each promise told to a resident is laid on the calendar with the rests that it had, and given the amount that the
first fitting line of each set makes it, by the type, the place, the priority and the day on which it began. What is
still open counts as not kept once it has taken longer, and not at all before. Dates that were moved by hand count as
if they had not.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.tables import Clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import Ruler, local_day
from parvis.jurisdictions.levels import LevelQuery, LevelRule, first_fitting, seasons_on
from parvis.jurisdictions.places import zones_at
from parvis.selection import Period, within
from parvis_sdk.request_types import RequestType
from parvis_service_levels.what_if import RESTS, Rest

DAYS = 365
BATCH = 2000
MOST = 50_000  # promises that are looked at, the latest of the period
PROMISES = """
SELECT r.id AS request, r.submitted_at, r.type, r.priority, r.lon, r.lat,
c.code, c.started_at, c.ended_at, c.allowance, c.rests
FROM service_request r JOIN clock c ON c.request = r.id
WHERE {where} AND c.shown AND r.submitted_at >= {{}} AND r.submitted_at <= {{}}
AND (r.submitted_at < {{}} OR r.id < {{}})
ORDER BY r.submitted_at DESC, r.id DESC LIMIT {{}}
"""
LAST = UUID(int=2**128 - 1)


class Amount(NamedTuple):
    """So much time; one of the three is not nothing."""

    business_days: int = 0
    business_hours: int = 0
    hours: int = 0


def promised_by(request_types: Iterable[RequestType]) -> dict[tuple[str, str], Amount]:
    """What request types promise where no line fits, by type and level."""
    return {
        (request_type.code, level.code): Amount(level.business_days, level.business_hours, level.hours)
        for request_type in request_types
        for level in request_type.service_levels
    }


class Own(Struct, frozen=True):
    """Of a level as a clock keeps it what is counted here."""

    business_days: int = 0
    business_hours: int = 0
    hours: int = 0


class Change(Struct, frozen=True, kw_only=True):
    """Promises that one line would have made others: `number` is that of the draft, 0 where the type's level holds."""

    number: int
    before: Amount
    after: Amount
    promises: int
    counted: int
    kept_before: int
    kept_after: int

    @property
    def share_before(self) -> float:
        return self.kept_before / self.counted if self.counted else 0.0

    @property
    def share_after(self) -> float:
        return self.kept_after / self.counted if self.counted else 0.0


class Trial(Struct, frozen=True, kw_only=True):
    """What would have been otherwise, of how many promises, the most first."""

    changes: tuple[Change, ...]
    tried: int
    cut: bool


class _Tally:
    def __init__(self) -> None:
        self.promises = self.counted = self.before = self.after = 0


async def try_lines(
    scope: Scope,
    period: Period,
    town: Jurisdiction,
    types: Mapping[tuple[str, str], Amount],
    now: Sequence[LevelRule],
    draft: Sequence[LevelRule],
    *,
    most: int = MOST,
) -> Trial:
    """Both sets of lines on the promises of a period; `types` is what each type promises itself, by type and level."""
    where = within(scope)
    sql = PROMISES.format(where=where.sql)
    trying = _Trial(town, types, tuple(now), tuple(draft), period.since)
    at, last, seen = period.until, LAST, 0
    while seen < most:
        limit = min(BATCH, most - seen)
        rows = await Clock.raw(sql, *where.values, period.since, at, at, last, limit)
        trying.add(rows)
        seen += len(rows)
        if len(rows) < limit:
            return trying.trial(seen, cut=False)
        at, last = rows[-1]["submitted_at"], _id(rows[-1]["request"])
    return trying.trial(seen, cut=True)


def _id(given: Any) -> UUID:
    return given if isinstance(given, UUID) else UUID(str(given))


class _Trial:
    """Counts as rows come; nothing of them stays but how many were kept."""

    def __init__(
        self,
        town: Jurisdiction,
        types: Mapping[tuple[str, str], Amount],
        now: tuple[LevelRule, ...],
        draft: tuple[LevelRule, ...],
        since: datetime,
    ) -> None:
        self.town, self.types, self.sets = town, types, (now, draft)
        self.ruler, self.now = Ruler(town.calendar, since), clock.now()
        self.looks_at_places = any(rule.zones for rule in (*now, *draft))
        self.found: dict[tuple[int, Amount, Amount], _Tally] = {}

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        points = [(row["lon"], row["lat"]) for row in rows]
        places = zones_at(self.town, points) if self.looks_at_places else [()] * len(rows)
        for row, zones in zip(rows, places, strict=True):
            asked = LevelQuery(
                type=row["type"],
                level=row["code"],
                zones=zones,
                priority=row["priority"],
                seasons=seasons_on(self.town.seasons, local_day(self.town.calendar, row["started_at"])),
            )
            (_, before), (number, after) = (self._amount(rules, asked, row) for rules in self.sets)
            if before != after:
                self._count(self.found.setdefault((number, before, after), _Tally()), row, before, after)

    def _amount(self, rules: tuple[LevelRule, ...], asked: LevelQuery, row: dict[str, Any]) -> tuple[int, Amount]:
        found = first_fitting(rules, asked)
        if found is not None:
            number, rule = found
            return number, Amount(rule.business_days or 0, rule.business_hours or 0, rule.hours or 0)
        if (own := self.types.get((asked.type, asked.level))) is not None:
            return 0, own
        kept = msgspec.json.decode(row["allowance"], type=Own)  # of a type that is offered no more
        return 0, Amount(kept.business_days, kept.business_hours, kept.hours)

    def _count(self, tally: _Tally, row: dict[str, Any], before: Amount, after: Amount) -> None:
        rests = RESTS.decode(row["rests"])
        ended: datetime | None = row["ended_at"]
        end = ended or (rests[-1].since if rests and rests[-1].until is None else self.now)
        within_before, within_after = (self._is_within(each, row["started_at"], end, rests) for each in (before, after))
        tally.promises += 1
        if ended is None and (within_before or within_after):
            return  # one does not know yet
        tally.counted += 1
        tally.before += within_before
        tally.after += within_after

    def _is_within(self, amount: Amount, start: datetime, end: datetime, rests: Sequence[Rest]) -> bool:
        over = [(rest.since, rest.until) for rest in rests if rest.until is not None and rest.until <= end]
        if amount.hours:
            rested = sum((until - since for since, until in over), timedelta(0))
            return end - start - rested <= timedelta(hours=amount.hours)
        measure = self.ruler.open_time
        worked = measure(end) - sum((measure(until) - measure(since) for since, until in over), timedelta(0))
        if amount.business_hours:
            return worked - self.ruler.before(start) <= timedelta(hours=amount.business_hours)
        return self.ruler.days_to(start, worked) <= amount.business_days

    def trial(self, tried: int, *, cut: bool) -> Trial:
        changes = [
            Change(
                number=number,
                before=before,
                after=after,
                promises=tally.promises,
                counted=tally.counted,
                kept_before=tally.before,
                kept_after=tally.after,
            )
            for (number, before, after), tally in self.found.items()
        ]
        return Trial(changes=tuple(sorted(changes, key=lambda each: -each.promises)), tried=tried, cut=cut)
