"""The unit of work, the same on both engines."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from parvis.db import (
    HouseRuleBroken,
    NotUnique,
    NumberTooLarge,
    counted,
    held,
    in_transaction,
    insert,
    insert_values,
    transaction,
)
from parvis.identifiers import new_id

pytestmark = pytest.mark.both_engines


async def test_a_unit_that_ends_keeps_all_its_rows(engine, pebbles):
    async with transaction(engine):
        assert in_transaction(engine)
        await pebbles.insert(pebbles())
        await pebbles.insert(pebbles())
    assert not in_transaction(engine)
    assert await pebbles.count() == 2


async def test_a_unit_that_raises_keeps_none(engine, pebbles):
    with pytest.raises(ZeroDivisionError):
        async with transaction(engine):
            await pebbles.insert(pebbles())
            _ = 1 / 0
    assert await pebbles.count() == 0


async def test_a_unit_refuses_to_stand_in_another(engine, pebbles):
    with pytest.raises(HouseRuleBroken, match="a unit of work inside a unit of work"):
        async with transaction(engine):
            await pebbles.insert(pebbles())
            async with transaction(engine):
                pass
    assert await pebbles.count() == 0


async def test_a_write_needs_a_unit_and_a_read_does_not(engine, beaches, pebbles):
    with pytest.raises(HouseRuleBroken, match="a write outside a unit of work"):
        await pebbles.insert(pebbles())
    with pytest.raises(HouseRuleBroken, match="a write outside a unit of work"):
        await beaches.update({beaches.pebbles: 1}, force=True)
    assert await beaches.select(beaches.name, beaches.pebbles) == [{"name": "Oka", "pebbles": 0}]


async def test_a_number_beyond_its_column_is_said_to_be_too_large_and_keeps_nothing(engine, beaches):
    with pytest.raises(NumberTooLarge):
        async with transaction(engine):
            await beaches.update({beaches.name: "Sept-Îles"}, force=True)
            await beaches.update({beaches.pebbles: 10**30}, force=True)
    with pytest.raises(NumberTooLarge):
        await beaches.select().where(beaches.pebbles == 10**30)
    assert await beaches.select(beaches.name, beaches.pebbles) == [{"name": "Oka", "pebbles": 0}]


async def test_a_task_started_in_a_unit_may_not_use_it(engine, pebbles):
    with pytest.raises(HouseRuleBroken, match="a task started inside a unit of work"):
        async with transaction(engine):
            await asyncio.create_task(pebbles.insert(pebbles()).run())
    assert await pebbles.count() == 0


async def test_a_reader_outside_does_not_see_an_open_unit(engine, pebbles):
    seen = asyncio.Event()

    async def look() -> int:
        count = await pebbles.count()
        seen.set()
        return count

    async def write() -> None:
        async with transaction(engine):
            await pebbles.insert(pebbles())
            await seen.wait()

    looking = asyncio.create_task(look())
    await asyncio.gather(write(), looking)
    assert await looking == 0
    assert await pebbles.count() == 1


async def test_units_at_once_wait_for_each_other_and_lose_no_count(engine, beaches):
    async def add_one() -> None:
        async with transaction(engine):
            beach = (await held(beaches.select(beaches.pebbles).where(beaches.name == "Oka"), engine))[0]
            await beaches.update({beaches.pebbles: beach["pebbles"] + 1}).where(beaches.name == "Oka")

    await asyncio.gather(*(add_one() for _ in range(40)))
    assert await beaches.select(beaches.pebbles) == [{"pebbles": 40}]


async def test_many_reads_at_once_share_a_few_connections(engine, beaches):
    before = threading.active_count()
    answers = await asyncio.gather(*(beaches.select(beaches.name).run() for _ in range(200)))
    assert answers == [[{"name": "Oka"}]] * 200
    assert threading.active_count() <= before + 4


@pytest.mark.parametrize("hops", range(12))
async def test_a_unit_cancelled_anywhere_leaves_nothing_behind(engine, beaches, pebbles, hops):
    async def write() -> None:
        async with transaction(engine):
            await pebbles.insert(pebbles())
            await pebbles.insert(pebbles())

    task = asyncio.create_task(write())
    await asyncio.sleep(hops * 0.0004)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await pebbles.count() in (0, 2)
    async with transaction(engine):
        await beaches.update({beaches.pebbles: 7}, force=True)
    assert await beaches.select(beaches.pebbles) == [{"pebbles": 7}]


async def test_a_task_cancelled_while_it_waits_for_its_turn_does_not_take_it(engine, pebbles):
    async with transaction(engine):
        waiting = asyncio.create_task(_insert(engine, pebbles))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    await _insert(engine, pebbles)
    assert await pebbles.count() == 1


async def test_a_read_cancelled_halfway_leaves_the_connection_usable(engine, beaches):
    for hops in range(8):
        task = asyncio.create_task(beaches.select().run())
        for _ in range(hops):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await beaches.count() == 1


async def test_a_key_taken_twice_is_told_in_our_words_and_ends_the_unit(engine, beaches):
    with pytest.raises(NotUnique):
        async with transaction(engine):
            await beaches.insert(beaches(name="Cap-Saint-Jacques"))
            await beaches.insert(beaches(name="Oka"))
    assert await beaches.count() == 1


async def test_rows_written_by_our_own_statement_are_the_same_as_piccolos(engine, beaches, pebbles):
    moment = datetime(2026, 3, 8, 12, 30, 0, 123456, tzinfo=UTC)
    [oka] = await beaches.select(beaches.id)
    rows = [pebbles(beach=oka["id"], found_at=moment), pebbles(beach=None, found_at=None)]
    with counted() as queries:
        async with transaction(engine):
            await insert(*rows)
            await pebbles.insert(pebbles(beach=oka["id"], found_at=moment))
            await insert()
    assert queries.count == 2
    ours, empty, piccolos = await pebbles.select(pebbles.beach, pebbles.found_at).order_by(pebbles.id)
    assert ours == piccolos == {"beach": oka["id"], "found_at": moment}
    assert empty == {"beach": None, "found_at": None}
    assert [row.id for row in rows] == [row["id"] for row in await pebbles.select().order_by(pebbles.id).limit(2)]


async def test_new_rows_of_several_tables_go_together_and_are_there_for_the_next_question(engine, beaches, pebbles):
    beach = beaches(name="Cap-Saint-Jacques")
    async with transaction(engine):
        with counted() as queries:
            await insert(beach)
            await insert(pebbles(beach=beach.id), pebbles(beach=beach.id))
            await insert_values(pebbles, {"id": new_id(), "beach": beach.id, "found_at": None})
        assert queries.count == 0
        assert await pebbles.count().where(pebbles.beach == beach.id) == 3
        await insert(pebbles(beach=beach.id))
    assert await pebbles.count() == 4


async def test_very_many_new_rows_are_written_or_none(engine, beaches, pebbles):
    async with transaction(engine):
        await insert(*(pebbles() for _ in range(1001)))
    assert await pebbles.count() == 1001
    with pytest.raises(NotUnique):
        async with transaction(engine):
            await insert(*(pebbles() for _ in range(1001)))
            await insert(beaches(name="Oka"))
    assert await pebbles.count() == 1001


async def test_a_unit_that_does_nothing_costs_nothing(engine):
    with counted() as queries:
        async with transaction(engine):
            assert in_transaction(engine)
    assert queries.count == 0


async def test_a_new_row_without_a_value_for_a_column_is_refused(engine, pebbles):
    with pytest.raises(KeyError):
        async with transaction(engine):
            await insert_values(pebbles, {"id": new_id()})
    assert await pebbles.count() == 0


async def test_a_row_that_cannot_be_written_ends_the_unit(engine, beaches, pebbles):
    with pytest.raises(NotUnique):
        async with transaction(engine):
            await insert(pebbles())
            await insert(beaches(name="Oka"))
    with pytest.raises(HouseRuleBroken, match="a write outside a unit of work"):
        await insert(pebbles())
    assert await pebbles.count() == 0


async def test_a_row_may_not_refer_to_nothing(engine, beaches, pebbles):
    with pytest.raises(Exception, match=r"(?i)foreign key constraint"):
        async with transaction(engine):
            await pebbles.insert(pebbles(beach=beaches(name="nowhere").id))


async def test_times_come_back_as_the_same_instant_in_utc(engine, pebbles):
    montreal = timezone(timedelta(hours=-5))
    async with transaction(engine):
        await pebbles.insert(pebbles(found_at=datetime(2026, 3, 8, 7, 30, 0, 123456, tzinfo=montreal)))
    [row] = await pebbles.select(pebbles.found_at)
    assert row["found_at"] == datetime(2026, 3, 8, 12, 30, 0, 123456, tzinfo=UTC)
    assert row["found_at"].utcoffset() == timedelta(0)


async def test_statements_are_counted_in_the_block_and_not_outside(engine, beaches, pebbles):
    with counted() as queries:
        await beaches.count()
        await asyncio.create_task(beaches.count().run())
        async with transaction(engine):
            await pebbles.insert(pebbles())
    await beaches.count()
    assert queries.count == 3
    assert [statement.split()[0] for statement in queries.statements] == ["SELECT", "SELECT", "INSERT"]


async def _insert(engine, table) -> None:
    async with transaction(engine):
        await table.insert(table())
