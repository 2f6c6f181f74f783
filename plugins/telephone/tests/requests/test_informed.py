"""Information given at the desk is counted by day, once for each press, and of nobody."""

import asyncio
from datetime import UTC, date, datetime

from parvis import clock
from parvis.requests.lists.module_figures import InformationCount
from parvis_telephone.information_given import inform, informed_between
from parvis_telephone.tables import InformationGiven as InformedRow

THURSDAY = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
DAY = date(2026, 11, 26)


def here(town):
    return town.host.jurisdictions.jurisdiction("parvis")


async def test_answers_are_counted_by_type_and_channel(town):
    with clock.moved_to(THURSDAY) as time:
        for number in range(3):
            assert await inform(town.host, here(town), type="hole", zone="plateau", idempotency_key=f"a{number}")
        await inform(town.host, here(town), type="hole", zone="rosemont", idempotency_key="b")
        await inform(town.host, here(town), channel="counter", idempotency_key="c")
        time.forward(days=1)
        await inform(town.host, here(town), type="hole", idempotency_key="d")
    counted = await informed_between("parvis", DAY, DAY)
    assert counted == (
        InformationCount(type="hole", channel="phone", given=4),
        InformationCount(type="", channel="counter", given=1),
    )
    assert [each.given for each in await informed_between("parvis", DAY, date(2026, 11, 27), ("hole",))] == [5]
    assert await informed_between("rivemont", DAY, DAY) == ()


async def test_the_same_press_twice_at_once_counts_once(town):
    with clock.moved_to(THURSDAY):
        pressed = await asyncio.gather(*(inform(town.host, here(town), idempotency_key="same") for _ in range(4)))
    assert sorted(pressed) == [False, False, False, True]
    assert [each.given for each in await informed_between("parvis", DAY, DAY)] == [1]


async def test_different_presses_at_once_are_all_counted(town):
    with clock.moved_to(THURSDAY):
        await asyncio.gather(
            *(inform(town.host, here(town), type="hole", idempotency_key=str(number)) for number in range(8))
        )
    (row,) = await InformedRow.select()
    assert row["given"] == 8
    assert set(row) == {"id", "jurisdiction", "type", "zone", "channel", "day", "given"}
