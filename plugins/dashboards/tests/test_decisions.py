"""Decisions counted by the database are those that one counts by hand, on the days of the town."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from parvis.access_scope import Scope
from parvis.db import counted, transaction
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions.calendars import local_day, quantile
from parvis.selection import Period
from parvis_dashboards.decisions import decisions

ALL = Scope(jurisdiction="parvis")
# Changes of hour lie in March and November; the first hours of a day of the town are on the next one in UTC.
MOMENTS = tuple(datetime(2026, month, day, 3, tzinfo=UTC) for month, day in ((3, 8), (3, 9), (4, 1), (11, 1), (11, 2)))
YEAR = Period(since=datetime(2026, 1, 1, 5, tzinfo=UTC), until=datetime(2027, 1, 1, 5, tzinfo=UTC))


async def spread(town, chance: Random, number: int) -> None:
    for _ in range(number):
        reference = (await town.submit("hole")).reference
        came = chance.choice(MOMENTS) + timedelta(minutes=chance.randrange(-300, 300))
        days = timedelta(days=chance.choice((0, 1, 2, 40, 300)), minutes=chance.randrange(-100, 100))
        values = {
            ServiceRequest.category: chance.choice(("", "sign", "house")),
            ServiceRequest.submitted_at: came,
            ServiceRequest.decided_at: came + days if chance.random() < 0.8 else None,
        }
        async with transaction(town.host.engine):
            await ServiceRequest.update(values).where(ServiceRequest.reference == reference)


async def by_hand(calendar, category: str):
    """Received and decided with their days, by dimension and code."""
    came, done = defaultdict(int), defaultdict(list)
    for row in await ServiceRequest.select().where(ServiceRequest.type == "hole"):
        if category and row["category"] != category:
            continue
        first = local_day(calendar, row["submitted_at"])
        if YEAR.since <= row["submitted_at"] < YEAR.until:
            for key in (("total", ""), ("months", f"{first:%Y-%m}"), ("categories", row["category"])):
                came[key] += 1
        if row["decided_at"] is not None and YEAR.since <= row["decided_at"] < YEAR.until:
            last = local_day(calendar, row["decided_at"])
            for key in (("total", ""), ("months", f"{last:%Y-%m}"), ("categories", row["category"])):
                done[key].append(float((last - first).days))
    return {
        key: (came[key], len(done[key]), quantile(done[key], 0.5), quantile(done[key], 0.9))
        for key in came.keys() | done.keys() | {("total", "")}
    }


@pytest.mark.parametrize("seed", range(4))
async def test_decisions_are_those_that_one_counts_by_hand(town, seed):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    await spread(town, Random(seed), 30)
    for category in ("", "sign", "nothing"):
        told = await decisions(ALL, YEAR, calendar, "hole", category)
        lines = [("total", told.total), *(("months", each) for each in told.months)]
        lines += [("categories", each) for each in told.categories]
        found = {(name, each.code): (each.received, each.decided, each.median, each.ninetieth) for name, each in lines}
        expected = await by_hand(calendar, category)
        assert found.keys() == expected.keys()
        for key, line in expected.items():
            assert found[key] == pytest.approx(line), key
        assert [each.code for each in told.months] == sorted(each.code for each in told.months)


async def test_more_requests_bring_no_more_rows(town):
    calendar = town.host.jurisdictions.jurisdiction("parvis").calendar
    await spread(town, Random(1), 2)
    with counted() as few:
        await decisions(ALL, YEAR, calendar, "hole")
    await spread(town, Random(1), 40)
    with counted() as many:
        await decisions(ALL, YEAR, calendar, "hole")
    assert few.statements == many.statements
    assert len(many.statements) == 2
    assert all(" GROUP BY " in statement for statement in many.statements)
