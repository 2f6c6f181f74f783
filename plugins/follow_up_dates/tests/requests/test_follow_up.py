"""A day to look again: it comes on a day of work, disturbs nobody’s work, and goes with the person."""

from datetime import UTC, date, datetime

import pytest

from parvis.db import counted
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.changing import Conflict
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.requests.work.conversation import note
from parvis_follow_up_dates.desk.lists import BEFORE
from parvis_follow_up_dates.follow_up import look_again, offered_days

ANA = Actor(kind="agent", id="ana", name="Ana")


@pytest.mark.parametrize(("day", "local"), [("2026-11-27", "2026-11-27"), ("2026-11-28", "2026-11-30")])
async def test_a_day_on_which_the_town_is_closed_becomes_the_next_of_work(town, day, local):
    reference = (await town.submit()).reference
    record = await look_again(town.host, reference, date.fromisoformat(day), "Rappeler", actor=ANA)
    assert record.follow_up_at.astimezone(UTC) == datetime.fromisoformat(f"{local}T05:00:00+00:00")
    last = (await entries_of(record))[-1]
    assert (last.kind, last.audience, last.personal["words"]) == ("follow_up", "internal", "Rappeler")


async def test_it_is_found_from_that_day_on_and_no_more_once_it_was_looked_at(town):
    reference = (await town.submit()).reference
    await town.submit()
    await look_again(town.host, reference, date(2026, 11, 30), actor=ANA)

    async def found(day):
        filters = due_before(datetime(2026, 11, day, 6, tzinfo=UTC))
        return [row.reference for row in (await queue(town.host, town.agent("see"), town.code, filters)).rows]

    assert await found(29) == []
    assert await found(30) == [reference]
    await look_again(town.host, reference, None, actor=ANA)
    assert await found(30) == []


def due_before(moment):
    return Filters(open=True, conditions=(ListCondition(BEFORE, (moment,)),))


async def test_it_is_read_by_its_index(town, on_postgres):
    if on_postgres:
        pytest.skip("PostgreSQL reads a table of a few rows as it lies")
    with counted() as queries:
        await queue(town.host, town.agent("see"), town.code, due_before(datetime(2026, 1, 1, tzinfo=UTC)))
    listing = next(sql for sql in queries.statements if "ORDER BY" in sql)
    plan = await town.host.engine.send(f"EXPLAIN QUERY PLAN {listing}", [None] * listing.count("?"))
    assert "service_request_follow_up" in plan[0]["detail"], [row["detail"] for row in plan]


async def test_it_stands_in_nobodys_way_and_only_another_day_stands_in_its_own(town):
    seen = await town.record((await town.submit()).reference)
    given = {"actor": ANA, "expected": seen.version}
    await look_again(town.host, seen.reference, date(2026, 11, 30), **given)
    assert isinstance(await note(town.host, seen.reference, "Vu", **given), Record)
    assert isinstance(await look_again(town.host, seen.reference, date(2026, 12, 1), **given), Conflict)
    with_note = {"actor": ANA, "expected": seen.version + 1}
    assert isinstance(await look_again(town.host, seen.reference, date(2026, 12, 1), **with_note), Record)


async def test_the_requester_learns_nothing_of_it_and_erasure_takes_it_away(town):
    receipt = await town.submit()
    record = await look_again(town.host, receipt.reference, date(2026, 11, 30), "Chez Zoé Côté", actor=ANA)
    assert [line.kind for line in await story(town.host, record, HOLDER, "fr")] == ["submitted"]
    lines = await story(town.host, record, town.agent("see", "work"), "fr")
    assert "30 novembre" in lines[-1].title
    record = await erase(town.host, receipt.reference, actor=SYSTEM)
    assert record.follow_up_at is None
    assert "Zoé" not in str(await entries_of(record))


def test_the_days_offered_are_days_of_work_that_come(jurisdictions):
    days = dict(offered_days(jurisdictions.jurisdiction("parvis").calendar, date(2026, 12, 18)))
    assert days["next"] == days["monday"] == date(2026, 12, 21)
    assert days["fortnight"] > date(2027, 1, 1)
    assert all(day > date(2026, 12, 18) for day in days.values())
