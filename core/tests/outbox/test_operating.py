"""What operators see and do."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.outbox import circuits, counts, deliveries, listing, numbers, revive, revive_all, skip
from parvis.troubles import only_words


async def kill(outbox, times=1):
    for _ in range(times):
        await outbox.write(plugins=())
        [claimed] = await outbox.claim()
        await outbox.die(claimed)
    return claimed


async def test_counts_tell_how_many_stand_where_and_since_when(outbox):
    assert (await counts()).oldest is None
    with clock.moved_to(clock.now()) as moved:
        await kill(outbox)
        written = clock.now()
        await outbox.write()
        moved.forward(hours=1)
        [claimed] = await outbox.claim(most=1)
        await outbox.finish(claimed)
        found = await counts()
    assert (found.waiting + found.claimed, found.dead, found.done, found.oldest) == (1, 1, 1, written)


async def test_numbers_are_given_by_subscriber_and_state(outbox):
    await outbox.write()
    await outbox.write()
    assert [(number.subscriber, number.state, number.count) for number in await numbers()] == [
        ("erp.order", "waiting", 2),
        ("notify.tell", "waiting", 2),
    ]


async def test_the_list_is_paged_newest_first(outbox):
    for _ in range(5):
        await outbox.write(plugins=())
    first = await listing(limit=3)
    second = await listing(limit=3, before=first[-1].id)
    ids = [line.id for line in (*first, *second)]
    assert len(ids) == 5
    assert ids == sorted(ids, reverse=True)
    assert await listing(reference="AAAA-AAAA-A") == ()


async def test_a_dead_delivery_is_revived_with_all_its_patience(outbox):
    dead = await kill(outbox)
    assert await revive(outbox.engine, dead.id)
    [again] = await outbox.claim()
    assert (again.id, again.attempts) == (dead.id, 1)
    assert not await revive(outbox.engine, again.id)


async def test_a_postponed_delivery_can_be_tried_at_once(outbox):
    await outbox.write(plugins=())
    [claimed] = await outbox.claim()
    await outbox.postpone(claimed, timedelta(hours=1))
    assert await revive(outbox.engine, claimed.id)
    assert len(await outbox.claim()) == 1


async def test_all_dead_ones_are_revived_or_those_since_a_time(outbox):
    with clock.moved_to(clock.now()) as moved:
        await kill(outbox, 2)
        moved.forward(hours=1)
        since = clock.now()
        await kill(outbox, 3)
        assert await revive_all(outbox.engine, subscriber="erp.order") == 0
        assert await revive_all(outbox.engine, since=since) == 3
        assert await revive_all(outbox.engine) == 2
        assert (await counts()).dead == 0


async def test_reviving_closes_the_circuit_since_a_person_says_so(outbox):
    dead = await kill(outbox)
    async with transaction(outbox.engine):
        for _ in range(circuits.FAILURES):
            await circuits.failed(outbox.engine, "notify.tell", only_words("away"))
    await revive(outbox.engine, dead.id)
    assert len(await outbox.claim()) == 1


async def test_a_skipped_delivery_shows_its_reason_and_is_never_tried(outbox):
    dead = await kill(outbox)
    assert await skip(outbox.engine, dead.id, "Réglé au téléphone")
    [line] = await listing(["skipped"])
    assert str(line.trouble) == "Réglé au téléphone"
    assert await revive_all(outbox.engine) == 0
    assert await outbox.claim() == ()


async def test_a_delivery_under_way_cannot_be_skipped(outbox):
    await outbox.write(plugins=())
    [claimed] = await outbox.claim()
    assert not await skip(outbox.engine, claimed.id, "too late")


async def test_what_is_long_done_is_dropped_and_what_is_dead_stays(outbox):
    with clock.moved_to(clock.now()) as moved:
        await kill(outbox)
        await outbox.write(plugins=())
        [claimed] = await outbox.claim()
        await outbox.finish(claimed)
        moved.forward(days=91)
        assert await deliveries.sweep(outbox.engine, clock.now() - timedelta(days=90)) == 1
    found = await counts()
    assert (found.done, found.dead) == (0, 1)
