"""Quality samples: closed requests of some days and units drawn at random, each looked at with a short checklist.

Every draw is kept with who drew, when and out of how many; none is removed or replaced, so a second draw is visible.
"""

import random
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.access_scope import Scope
from parvis.db import Engine, insert_values, transaction
from parvis.db.tables import Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.requests.records import as_json
from parvis.selection import Period, Where, within
from parvis_dashboards.quality_criteria import Criterion
from parvis_dashboards.tables import QualitySample, SampleItem

Answer = Literal["yes", "no", "none"]  # met, not met, does not apply
ANSWERS: tuple[Answer, ...] = ("yes", "no", "none")
MOST = 50  # requests of one sample
MOST_SHOWN = 100  # samples of a list, the newest
A_YEAR = timedelta(days=365)
SEEDS = 10**9
COUNTED = "SELECT COUNT(*) AS n FROM service_request r WHERE {where}"
DRAWN = """
SELECT id, unit FROM (
  SELECT r.id AS id, r.unit AS unit, ROW_NUMBER() OVER (ORDER BY r.closed_at, r.id) AS place
  FROM service_request r WHERE {where}
) AS closed WHERE place IN ({places}) ORDER BY place"""
OF_SAMPLES = """
SELECT i.sample AS code, COUNT(*) AS requests, SUM(CASE WHEN i.looked_at IS NOT NULL THEN 1 ELSE 0 END) AS looked,
  SUM(i.met) AS met, SUM(i.asked) AS asked
FROM dashboards_sample_item i JOIN service_request r ON r.id = i.request
WHERE i.sample IN ({samples}) AND {where} GROUP BY i.sample"""
OF_UNITS = """
SELECT i.unit AS code, COUNT(*) AS requests, COUNT(*) AS looked, SUM(i.met) AS met, SUM(i.asked) AS asked
FROM dashboards_sample_item i JOIN service_request r ON r.id = i.request
WHERE i.looked_at >= {{}} AND {where} GROUP BY i.unit ORDER BY i.unit"""
ITEMS = """
SELECT i.number, i.unit, i.answers, i.version, i.looked_at, r.reference, r.type, r.submitted_at, r.promised_at,
  r.closed_at
FROM dashboards_sample_item i JOIN service_request r ON r.id = i.request
WHERE i.sample = {{}} AND {where} ORDER BY i.number"""


class Sample(Struct, frozen=True, kw_only=True):
    """One draw: over which days and unit, how many were wanted and drawn `among` how many, by whom and when."""

    id: UUID
    unit: str
    since: date
    until: date
    seed: int
    wanted: int
    among: int
    drawn: int
    drawn_by: str
    drawn_at: datetime
    criteria: tuple[Criterion, ...]


class Item(Struct, frozen=True, kw_only=True):
    """One request of a sample, with the answers of the checklist once somebody has looked at it."""

    number: int
    unit: str
    answers: Mapping[str, Answer]
    version: int
    looked_at: datetime | None
    reference: str
    type: str
    submitted_at: datetime
    promised_at: datetime | None
    closed_at: datetime | None


class Result(Struct, frozen=True, kw_only=True):
    """Of a sample or a unit: requests, how many were looked at, and how many criteria of those asked are met."""

    code: str
    requests: int = 0
    looked: int = 0
    met: int = 0
    asked: int = 0

    @property
    def share(self) -> float | None:
        return self.met / self.asked if self.asked else None


async def draw(
    engine: Engine,
    scope: Scope,
    sample: Sample,
    period: Period,
    besides: Collection[str] = (),
) -> Sample:
    """Draw as many closed requests as are wanted and keep them; types `besides` are left out. Of none, nothing is kept.

    The same id is drawn once: a form that is sent twice draws nothing more, and one that asks for something else by
    that id, as after *Back*, is another draw.
    """
    where = _closed(scope, period, besides)
    [counted] = await ServiceRequest.raw(COUNTED.format(where=where.sql), *where.values)
    places = places_drawn(sample.seed, int(counted["n"]), sample.wanted)
    sql = DRAWN.format(where=where.sql, places=", ".join(["{}"] * len(places)))
    found = await ServiceRequest.raw(sql, *where.values, *places) if places else []
    drawn = structs.replace(sample, among=int(counted["n"]), drawn=len(found))
    if not found:
        return drawn
    async with transaction(engine):
        if row := await QualitySample.select().where(QualitySample.id == sample.id).first():
            if _asked(before := _sample(row)) == _asked(drawn):
                return before
            drawn = structs.replace(drawn, id=new_id())
        await insert_values(QualitySample, _row(drawn, scope.jurisdiction))
        await insert_values(SampleItem, *(_item_row(drawn, n, row) for n, row in enumerate(found, start=1)))
    return drawn


def _asked(sample: Sample) -> tuple[object, ...]:
    return sample.unit, sample.since, sample.until, sample.wanted


def new_seed() -> int:
    return secrets.randbelow(SEEDS)


def places_drawn(seed: int, among: int, wanted: int) -> tuple[int, ...]:
    """Places in the order of closing, from 1; the same for the same seed.

    >>> places_drawn(7, 3, 5), places_drawn(7, 1000, 3) == places_drawn(7, 1000, 3)
    ((1, 2, 3), True)
    """
    chosen = random.Random(seed).sample(range(1, among + 1), min(among, wanted))  # noqa: S311 - to be drawn again
    return tuple(sorted(chosen))


async def samples_in(scope: Scope) -> tuple[Sample, ...]:
    """Samples over units of the scope, newest first; those of the whole town only for viewers who count it."""
    found = QualitySample.select().where(QualitySample.jurisdiction == scope.jurisdiction)
    if scope.units is not None:
        if not scope.units:
            return ()
        found = found.where(QualitySample.unit.is_in(sorted(scope.units)))
    rows = await found.order_by(QualitySample.drawn_at, QualitySample.id, ascending=False).limit(MOST_SHOWN)
    return tuple(map(_sample, rows))


async def sample_in(scope: Scope, id: UUID) -> Sample | None:
    rows = await QualitySample.select().where(QualitySample.id == id)
    if not rows or rows[0]["jurisdiction"] != scope.jurisdiction:
        return None
    return _sample(rows[0]) if scope.units is None or rows[0]["unit"] in scope.units else None


async def overlapping(scope: Scope, sample: Sample) -> int:
    """How many other draws there are over some of the same days of the same unit."""
    same = (QualitySample.jurisdiction == scope.jurisdiction) & (QualitySample.unit == sample.unit)
    days = (QualitySample.since <= sample.until.isoformat()) & (QualitySample.until >= sample.since.isoformat())
    return int(await QualitySample.count().where(same & days & (QualitySample.id != sample.id)))


async def results_of(scope: Scope, samples: Sequence[Sample]) -> Mapping[str, Result]:
    """By the id of each sample; over the requests that the reader counts."""
    if not samples:
        return {}
    where = within(scope, led=True)
    sql = OF_SAMPLES.format(samples=", ".join(["{}"] * len(samples)), where=where.sql)
    rows = await SampleItem.raw(sql, *(each.id for each in samples), *where.values)
    return {each.code: each for each in map(_result, rows)}


async def results_by_unit(scope: Scope) -> tuple[Result, ...]:
    """Of what was looked at in the last twelve months, by the unit that had it when it was drawn."""
    where = within(scope, led=True)
    rows = await SampleItem.raw(OF_UNITS.format(where=where.sql), clock.now() - A_YEAR, *where.values)
    return tuple(map(_result, rows))


async def items_of(scope: Scope, sample: Sample) -> tuple[Item, ...]:
    """Those that the reader counts, in the order of closing; erased ones have left."""
    where = within(scope, led=True)
    rows = await SampleItem.raw(ITEMS.format(where=where.sql), sample.id, *where.values)
    return tuple(_item(row) for row in rows)


async def keep_answers(engine: Engine, sample: Sample, item: Item, answers: Mapping[str, Answer]) -> bool:
    """Keep the checklist of one request; False where somebody has kept another meanwhile, or it has left."""
    said = [answers[each.code] for each in sample.criteria]
    values: Row = {
        "answers": as_json(dict(answers)),
        "met": said.count("yes"),
        "asked": len(said) - said.count("none"),
        "version": item.version + 1,
        "looked_at": clock.now(),
    }
    this = (SampleItem.sample == sample.id) & (SampleItem.number == item.number)
    async with transaction(engine):
        same = this & (SampleItem.version == item.version)
        return bool(await SampleItem.update(values).where(same).returning(SampleItem.id))


def summed(code: str, items: Iterable[Item], criteria: Collection[str]) -> Result:
    """Over these requests, of these criteria."""
    every = list(items)
    said = [each.answers.get(one) for each in every for one in criteria if each.looked_at]
    met = said.count("yes")
    looked = sum(each.looked_at is not None for each in every)
    return Result(code=code, requests=len(every), looked=looked, met=met, asked=met + said.count("no"))


def _closed(scope: Scope, period: Period, besides: Collection[str]) -> Where:
    where = within(scope).add("r.closed_at >= {}", period.since).add("r.closed_at < {}", period.until)
    where.add("r.erased_at IS NULL").add("r.merged_into IS NULL")
    if besides:
        where.add(f"r.type NOT IN ({', '.join(['{}'] * len(besides))})", *sorted(besides))
    return where


def _row(sample: Sample, jurisdiction: str) -> Row:
    return {
        **{name: getattr(sample, name) for name in sample.__struct_fields__},
        "jurisdiction": jurisdiction,
        "since": sample.since.isoformat(),
        "until": sample.until.isoformat(),
        "drawn_by": sample.drawn_by[:120],
        "criteria": as_json(sample.criteria),
    }


def _item_row(sample: Sample, number: int, drawn: Mapping[str, Any]) -> Row:
    row: Row = {"id": new_id(), "sample": sample.id, "request": drawn["id"], "unit": drawn["unit"], "number": number}
    return row | {"answers": "{}", "met": 0, "asked": 0, "version": 0, "looked_at": None}


def _sample(row: Row) -> Sample:
    given = {name: row[name] for name in Sample.__struct_fields__}
    days = {name: date.fromisoformat(row[name]) for name in ("since", "until")}
    return Sample(**given | days | {"criteria": msgspec.json.decode(row["criteria"], type=tuple[Criterion, ...])})


def _item(row: Row) -> Item:
    given = {name: row[name] for name in Item.__struct_fields__}
    return Item(**given | {"answers": msgspec.json.decode(row["answers"], type=dict[str, Answer])})


def _result(row: Mapping[str, Any]) -> Result:
    counts = {name: int(row[name] or 0) for name in ("requests", "looked", "met", "asked")}
    return Result(code=str(row["code"]), **counts)
