"""Who gets which delivery: once, in order, in fairness."""

import asyncio
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import counted, transaction
from parvis.db.tables import Delivery
from parvis.identifiers import new_id
from parvis.outbox import claim, deliveries, listing, revive, skip
from parvis.outbox.claiming import DUE
from parvis.troubles import only_words

pytestmark = pytest.mark.both_engines


async def test_two_workers_never_get_the_same_delivery(outbox):
    for _ in range(30):
        await outbox.write()
    claims = await asyncio.gather(*(outbox.claim(f"w{number}", most=7) for number in range(6)))
    taken = [each.id for claimed in claims for each in claimed]
    assert len(taken) == len(set(taken))
    while more := await outbox.claim("last", most=50):
        taken += [each.id for each in more]
    assert len(taken) == len(set(taken)) == 60


async def test_within_one_request_a_subscriber_hears_one_event_after_the_other(outbox):
    request = new_id()
    await outbox.write(outbox.submitted(), outbox.moved("plan"), outbox.moved("start"), request=request)
    heard = []
    while claimed := await outbox.claim(room={"erp.order": 20}):
        assert len(claimed) == 1
        heard.append(claimed[0].event_id)
        await outbox.finish(claimed[0])
    assert len(set(heard)) == 3
    lines = reversed(await listing(["done"], subscriber="erp.order"))
    assert [line.event for line in lines] == ["submitted", "moved", "moved"]


async def test_a_postponed_delivery_holds_back_those_behind_it_and_no_others(outbox):
    with clock.moved_to(clock.now()) as moved:
        request = new_id()
        await outbox.write(outbox.submitted(), outbox.moved("plan"), request=request)
        first = await outbox.claim(room={"erp.order": 20})
        await outbox.postpone(first[0])
        await outbox.write()
        [other] = await outbox.claim(room={"erp.order": 20})
        assert other.request != request
        await outbox.finish(other)
        moved.forward(minutes=2)
        [again] = await outbox.claim(room={"erp.order": 20})
        assert (again.id, again.attempts) == (first[0].id, 2)


async def test_a_dead_delivery_does_not_hold_back_those_behind_it(outbox):
    request = new_id()
    await outbox.write(outbox.submitted(), outbox.moved("plan"), request=request)
    [first] = await outbox.claim(room={"notify.tell": 20})
    await outbox.die(first)
    [second] = await outbox.claim(room={"notify.tell": 20})
    assert second.id > first.id


async def test_messages_of_one_request_to_two_people_do_not_wait_for_each_other(outbox):
    request = new_id()
    for to in ("marie@example.org", "luc@example.org", "Marie@Example.org"):
        await outbox.message(to=to, request=request)
    assert len(await outbox.claim()) == 2


async def test_what_a_killed_worker_held_is_claimed_again_after_its_lease(outbox):
    with clock.moved_to(clock.now()) as moved:
        await outbox.write(plugins=())
        [lost] = await outbox.claim("killed")
        assert await outbox.claim("other") == ()
        moved.forward(seconds=61)
        [found] = await outbox.claim("other")
        assert (found.id, found.attempts) == (lost.id, 2)


async def test_a_late_answer_of_a_worker_whose_lease_passed_changes_nothing(outbox):
    with clock.moved_to(clock.now()) as moved:
        await outbox.write(plugins=())
        [lost] = await outbox.claim("slow")
        moved.forward(seconds=61)
        [found] = await outbox.claim("slow")
        assert not await outbox.finish(lost)
        assert not await outbox.postpone(lost)
        assert not await outbox.die(lost)
        assert await outbox.finish(found)
        assert not await outbox.finish(found)


async def test_what_was_claimed_and_not_tried_goes_back_as_if_never_claimed(outbox):
    await outbox.write(plugins=())
    [claimed] = await outbox.claim()
    async with transaction(outbox.engine):
        assert await deliveries.give_back(claimed)
    [again] = await outbox.claim("other")
    assert (again.id, again.attempts) == (claimed.id, 1)


async def test_a_subscriber_with_a_thousand_deliveries_leaves_room_for_the_others(outbox):
    for _ in range(40):
        await outbox.write()
    await outbox.message()
    claimed = await outbox.claim(most=9)
    assert sorted(each.subscriber for each in claimed).count("channel:email") == 1
    assert [each.subscriber for each in claimed].count("erp.order") == 4


async def test_no_more_is_taken_of_a_subscriber_than_there_is_room_for(outbox):
    for _ in range(5):
        await outbox.write()
    claimed = await outbox.claim(room={"erp.order": 2, "notify.tell": 0})
    assert [each.subscriber for each in claimed] == ["erp.order"] * 2


async def test_nothing_is_claimed_before_its_time(outbox):
    with clock.moved_to(clock.now()) as moved:
        await outbox.write(plugins=())
        [claimed] = await outbox.claim()
        await outbox.postpone(claimed, timedelta(minutes=5))
        moved.forward(minutes=4)
        assert await outbox.claim() == ()
        moved.forward(minutes=2)
        assert len(await outbox.claim()) == 1


async def test_an_idle_outbox_costs_one_read(outbox):
    await outbox.claim()
    with counted() as queries:
        assert await claim(outbox.engine, "w", {"erp.order": 5}, most=5, lease=timedelta(minutes=1)) == ()
    assert queries.count == 1


async def test_deliveries_of_a_plugin_that_is_gone_are_parked_in_sight_and_go_when_it_is_back(outbox):
    await outbox.write()

    def words(name):
        return only_words(f"{name} is not installed")

    assert await deliveries.park(outbox.engine, {"notify.tell"}, words) == 1
    assert await deliveries.park(outbox.engine, {"notify.tell"}, words) == 0
    [parked] = await listing(["postponed"])
    assert (parked.subscriber, str(parked.trouble)) == ("erp.order", "erp.order is not installed")
    assert len(await outbox.claim(room={"erp.order": 1})) == 1


async def test_the_claim_reads_only_unfinished_deliveries(outbox, on_postgres):
    """Otherwise a year of done deliveries would slow every poll."""
    if on_postgres:
        return
    query = DUE.replace("LOCKED", "")
    plan = await Delivery.raw("EXPLAIN QUERY PLAN " + query, "erp.order", clock.now(), 5)
    used = " ".join(row["detail"] for row in plan)
    assert "delivery_due" in used
    assert "delivery_request" in used  # of the others only those of the same request
    assert "TEMP B-TREE" not in used  # in the order of the index: the first few end the search


async def test_a_storm_of_deliveries_is_claimed_by_what_leads_to_each_although_statistics_are_from_a_calm_hour(
    outbox, on_postgres
):
    """Each candidate would otherwise be compared with all that wait."""
    if not on_postgres:
        return
    for _ in range(20):
        await outbox.write(plugins=())
    for claimed in await outbox.claim(most=20):
        await outbox.finish(claimed)
    async with transaction(outbox.engine):
        await Delivery.raw("ANALYZE delivery")
    for _ in range(100):
        await outbox.write(plugins=())
    values = ("notify.tell", clock.now(), 5)
    async with transaction(outbox.engine):
        await Delivery.raw("SET LOCAL plan_cache_mode = force_generic_plan")  # as of a statement that is sent often
        plan = await Delivery.raw("EXPLAIN (ANALYZE) " + DUE.replace("LOCKED", "FOR UPDATE SKIP LOCKED"), *values)
    told = "\n".join(row["QUERY PLAN"] for row in plan)
    assert "rows=5 loops=1" in told
    assert "Join Filter" not in told, told


async def behind(outbox, first="submitted"):
    """A delivery that is postponed for an hour, and another one behind it in its lane."""
    request = new_id()
    await outbox.write(outbox.submitted(), plugins=(), request=request)
    await outbox.write(outbox.moved("plan"), plugins=(), request=request)
    [head] = await outbox.claim()
    await outbox.postpone(head, timedelta(hours=1))
    return head


async def due_of(event):
    [line] = [line for line in await listing(["waiting"]) if line.event == event]
    return line.due_at


async def test_what_stands_behind_a_postponed_delivery_is_not_looked_at_before_it(outbox):
    await behind(outbox)
    assert await due_of("moved") - clock.now() > timedelta(minutes=59)


@pytest.mark.parametrize("end", ["finish", "die"])
async def test_what_stood_behind_goes_at_once_when_the_other_has_come_to_its_end(outbox, end):
    with clock.moved_to(clock.now()) as moved:
        await behind(outbox)
        moved.forward(minutes=61)
        [again] = await outbox.claim()
        await outbox.postpone(again, timedelta(minutes=10))
        moved.forward(minutes=11)
        [again] = await outbox.claim()
        assert await getattr(outbox, end)(again)
        [next_one] = await outbox.claim()
        assert next_one.event_id != again.event_id


async def test_what_stood_behind_a_delivery_that_is_revived_or_skipped_is_due_again(outbox):
    head = await behind(outbox)
    assert await revive(outbox.engine, head.id)
    assert await due_of("moved") <= clock.now()
    [again] = await outbox.claim()
    await outbox.postpone(again, timedelta(hours=1))
    assert await skip(outbox.engine, again.id, "not needed")
    assert await due_of("moved") <= clock.now()
    assert len(await outbox.claim()) == 1


async def test_new_deliveries_of_others_are_not_put_off(outbox):
    await behind(outbox)
    await outbox.write(outbox.submitted(), plugins=())
    assert len(await outbox.claim()) == 1
