"""A subscriber that fails again and again is left alone, and asked again with care."""

from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.outbox import circuits
from parvis.outbox.circuits import FAILURES, LONGEST_PAUSE, pause_after
from parvis.troubles import only_words


async def fail(outbox, times=1, is_probe=False):
    for _ in range(times):
        async with transaction(outbox.engine):
            await circuits.failed(outbox.engine, "erp.order", only_words("the ERP is away"), is_probe=is_probe)


def test_the_pause_grows_to_ten_minutes_and_no_further():
    assert pause_after(FAILURES - 1) is None
    assert pause_after(FAILURES) == timedelta(seconds=30)
    assert pause_after(FAILURES + 1) == timedelta(minutes=1)
    assert pause_after(10**6) == LONGEST_PAUSE


async def test_after_failures_in_a_row_nothing_is_claimed_for_that_subscriber_and_others_go_on(outbox):
    await outbox.write()
    await fail(outbox, FAILURES)
    assert [each.subscriber for each in await outbox.claim()] == ["notify.tell"]


async def test_fewer_failures_leave_it_alone_in_the_queue(outbox):
    await outbox.write()
    await fail(outbox, FAILURES - 1)
    assert len(await outbox.claim()) == 2


async def test_after_the_pause_one_probe_goes_and_no_second_before_it_is_answered(outbox):
    with clock.moved_to(clock.now()) as moved:
        for _ in range(3):
            await outbox.write(plugins=("erp",))
        await fail(outbox, FAILURES)
        moved.forward(seconds=31)
        room = {"erp.order": 20}
        [probe] = await outbox.claim(room=room)
        assert probe.is_probe
        assert await outbox.claim("other", room=room) == ()
        async with transaction(outbox.engine):
            await circuits.succeeded(["erp.order"])
        assert len(await outbox.claim(room=room)) == 2
        assert await circuits.states() == ()


async def test_a_failed_probe_makes_the_pause_longer(outbox):
    with clock.moved_to(clock.now()) as moved:
        await outbox.write(plugins=("erp",))
        await fail(outbox, FAILURES)
        moved.forward(seconds=31)
        [probe] = await outbox.claim(room={"erp.order": 20})
        await outbox.postpone(probe, timedelta(seconds=1))
        await fail(outbox, is_probe=True)
        [state] = await circuits.states()
        assert state.open_until == clock.now() + timedelta(minutes=1)


async def test_a_worker_killed_during_its_probe_blocks_nothing_for_ever(outbox):
    with clock.moved_to(clock.now()) as moved:
        await outbox.write(plugins=("erp",))
        await fail(outbox, FAILURES)
        moved.forward(seconds=31)
        assert len(await outbox.claim("killed", room={"erp.order": 20})) == 1
        moved.forward(seconds=61)
        assert len(await outbox.claim("other", room={"erp.order": 20})) == 1


async def test_what_was_under_way_when_the_circuit_opened_does_not_count_again(outbox):
    with clock.moved_to(clock.now()):
        await fail(outbox, FAILURES + 10)
        [state] = await circuits.states()
    assert (state.failures, str(state.last_trouble)) == (FAILURES, "the ERP is away")


async def test_the_probe_is_not_the_delivery_that_always_fails(outbox):
    with clock.moved_to(clock.now()) as moved:
        await outbox.write(plugins=("erp",))
        [poison] = await outbox.claim(room={"erp.order": 20})
        await outbox.postpone(poison, timedelta(seconds=1))
        await outbox.write(plugins=("erp",))
        await fail(outbox, FAILURES)
        moved.forward(seconds=31)
        [probe] = await outbox.claim(room={"erp.order": 20})
        assert probe.id != poison.id
