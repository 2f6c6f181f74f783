"""How often an answer was given in place of a request, counted by town, type, answer and day; nothing about anybody."""

from collections.abc import Collection
from datetime import date
from typing import Literal

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Deflection as ToldRow
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.heart import Heart

What = Literal["told", "settled", "insisted"]
WHATS: tuple[What, ...] = ("told", "settled", "insisted")
COUNT = """
INSERT INTO told (id, jurisdiction, type, answer, day, told, settled, insisted)
VALUES ({{}}, {{}}, {{}}, {{}}, {{}}, {told}, {settled}, {insisted})
ON CONFLICT (jurisdiction, type, answer, day) DO UPDATE SET {what} = told.{what} + 1
"""
SUMMED = """
SELECT type, answer, SUM(told) AS told, SUM(settled) AS settled, SUM(insisted) AS insisted FROM told
WHERE jurisdiction = {{}} AND day >= {{}} AND day <= {{}}{types} GROUP BY type, answer
"""


class DeflectionCount(Struct, frozen=True, kw_only=True):
    """One answer over some days: how often it was given, how often it helped, how often people filed all the same."""

    type: str
    answer: str
    told: int
    settled: int
    insisted: int


async def count(heart: Heart, town: Jurisdiction, type_code: str, answers: Collection[str], what: What) -> None:
    """Count these answers today."""
    if answers:
        async with transaction(heart.engine):
            await count_within(town, type_code, answers, what)


async def count_within(town: Jurisdiction, type_code: str, answers: Collection[str], what: What) -> None:
    """The same inside a unit that does more."""
    first = {name: int(name == what) for name in WHATS}
    day = local_day(town.calendar, clock.now()).isoformat()
    for answer in sorted(answers):
        await ToldRow.raw(COUNT.format(what=what, **first), new_id(), town.code, type_code, answer[:130], day)


async def told_between(
    jurisdiction: str, since: date, until: date, types: tuple[str, ...] = ()
) -> tuple[DeflectionCount, ...]:
    """Everything counted from one day to another, both included, the most told first; one statement."""
    narrowed = f" AND type IN ({', '.join(['{}'] * len(types))})" if types else ""
    rows = await ToldRow.raw(SUMMED.format(types=narrowed), jurisdiction, since.isoformat(), until.isoformat(), *types)
    found = [
        DeflectionCount(type=row["type"], answer=row["answer"], **{each: int(row[each] or 0) for each in WHATS})
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-(one.told + one.settled), one.type, one.answer)))
