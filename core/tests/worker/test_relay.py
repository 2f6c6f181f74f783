"""What the relay does with a delivery, and with handlers of every kind."""

import asyncio
import errno
import fcntl
import os
import socket
import sys
from datetime import timedelta

import pytest

from parvis import clock
from parvis.db import HouseRuleBroken, in_transaction, transaction
from parvis.outbox import circuits, claim, counts, deliveries, listing, revive_all
from parvis.requests.history import broken_at, entries_of
from parvis.worker.relay import MACHINE
from parvis.worker.standing import count_against, last_words
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.errors import Later, Refused
from parvis_sdk.events import Moved, Submitted
from parvis_sdk.subscriptions import MOST_REMEMBERED, Outcome, on
from parvis_sdk.text import Text

LOCK = fcntl.flock


async def test_a_handler_hears_of_the_event_outside_any_transaction_and_its_delivery_is_done(make_town, erp):
    heard = []

    async def order(event, request):
        heard.append((event, request, in_transaction(town.engine)))

    town = make_town(erp(order))
    reference = await town.submit()
    assert await town.relay.drain() == 1
    [(event, request, inside)] = heard
    assert isinstance(event, Submitted)
    assert (event.reference, request.reference, request.state, inside) == (reference, reference, "received", False)
    assert (await town.only("done")).attempts == 1


async def test_a_handler_knows_the_contact_only_when_it_says_that_it_needs_it(make_town, erp):
    seen = []

    async def order(event, request):
        seen.append(request.requester)

    curious = make_town(erp(order))
    await curious.submit()
    await curious.relay.drain()
    honest = make_town(erp(order, needs=("contact",)))
    await honest.submit()
    await honest.relay.drain()
    assert seen[0] is None
    assert seen[1].email == "zoe@exemple.ca"


async def test_the_answer_of_a_handler_is_written_with_the_end_of_its_delivery(make_town, erp, pigeon):
    sent = []

    async def order(event, request):
        if not isinstance(event, Submitted):
            return None
        message = OutgoingMessage(to="zoe@exemple.ca", subject="Bon", text="Bon de travail", language="fr")
        note = Text(fr="Bon de travail créé", en="Work order made")
        return Outcome(note=note, external_reference="WO-1", move="start", messages=(message,))

    async def send(message):
        sent.append(message)
        return "a feather"

    town = make_town(erp(order), pigeon(send))
    reference = await town.submit()
    await town.relay.drain()
    record = await town.record(reference)
    assert (record.state, record.external_references) == ("working", {"erp": "WO-1"})
    assert [entry.kind for entry in await entries_of(record)] == ["submitted", "external", "moved"]
    assert await broken_at(record) is None
    assert [message.subject for message in sent] == ["Bon"]
    done = {line.subscriber: line.external_reference for line in await listing(["done"]) if line.event != "moved"}
    assert done == {"erp.order": "WO-1", "channel:email": "a feather"}


async def test_a_move_that_is_not_allowed_is_noted_and_the_delivery_is_done(make_town, erp):
    async def order(event, request):
        return Outcome(move="resolve")

    town = make_town(erp(order, Submitted))
    reference = await town.submit()
    await town.relay.drain()
    record = await town.record(reference)
    assert record.state == "received"
    assert (await entries_of(record))[-1].kind == "external"
    assert (await counts()).done == 1


async def raises(event, request):
    raise KeyError("parcel")


async def exits(event, request):
    sys.exit(3)


async def hangs(event, request):
    await asyncio.Event().wait()


async def cancels_itself(event, request):
    asyncio.current_task().cancel()
    await asyncio.sleep(1)


async def answers_rubbish(event, request):
    return {"note": "done"}


async def answers_hidden_rubbish(event, request):
    return Outcome(note="not a text", given={"when": object()})


async def answers_what_no_database_keeps(event, request):
    return Outcome(move=["start"])


async def has_too_much_remembered(event, request):
    return Outcome(remember={"report": "x" * MOST_REMEMBERED})


@pytest.mark.parametrize(
    ("handler", "what"),
    [
        (raises, "it raised KeyError: 'parcel'"),
        (exits, "it raised SystemExit: 3"),
        (hangs, "it did not answer within 0.2 s"),
        (cancels_itself, "it cancelled itself"),
        (answers_rubbish, "it returned a dict instead of an Outcome or nothing"),
        (answers_hidden_rubbish, "it returned an invalid Outcome"),
        (answers_what_no_database_keeps, "it returned an invalid Outcome"),
        (has_too_much_remembered, "it returned an Outcome that asks to remember more than 500000 bytes"),
    ],
)
async def test_what_a_handler_does_wrong_reaches_its_own_delivery_and_nothing_else(
    make_town, erp, plugin, handler, what
):
    heard = []

    async def well(event, request):
        heard.append(event.reference)

    neighbour = plugin("neighbour", subscriptions=[on(Submitted, name="well")(well)])
    town = make_town(erp(handler, Submitted), neighbour)
    reference = await town.submit()
    await town.another_relay(seconds=0.2 if handler is hangs else 20).step()
    assert heard == [reference]
    line = await town.only("postponed")
    who, where, about, *rest = str(line.trouble).split(" · ")
    assert (line.subscriber, who) == ("erp.order", "erp (parvis-erp 1.2)")
    assert (where, about) == ("erp.order", reference)
    assert any(part.startswith(what) for part in rest), str(line.trouble)
    assert "next try after" in str(line.trouble)
    assert (await town.record(reference)).state == "received"


async def test_a_handler_that_refuses_to_end_is_left_behind(make_town, erp, monkeypatch):
    monkeypatch.setattr("parvis.plugins.trying.LAST_WORDS", 0.05)
    mercy, ended = asyncio.Event(), asyncio.Event()

    async def will_not_die(event, request):
        while not mercy.is_set():
            try:
                await mercy.wait()
            except asyncio.CancelledError:
                continue
        ended.set()

    town = make_town(erp(will_not_die, Submitted))
    await town.submit()
    async with asyncio.timeout(30):
        await town.another_relay(seconds=0.1).step()
        assert "did not answer within 0.1 s" in str((await town.only("postponed")).trouble)
        assert not ended.is_set()
        mercy.set()
        await ended.wait()


async def test_what_is_said_to_be_later_is_tried_again_not_before_its_time(make_town, erp):
    tries = []

    async def order(event, request):
        tries.append(clock.now())
        if len(tries) == 1:
            raise Later("l’ERP est en entretien", retry_after=timedelta(minutes=30))

    town = make_town(erp(order, Submitted))
    with clock.moved_to(clock.now()) as moved:
        await town.submit()
        await town.relay.drain()
        line = await town.only("postponed")
        assert "l’ERP est en entretien" in str(line.trouble)
        moved.forward(minutes=29)
        assert await town.relay.drain() == 0
        moved.forward(minutes=2)
        assert await town.relay.drain() == 1
    line = await town.only("done")
    assert (line.attempts, line.trouble) == (2, None)
    assert await circuits.states() == ()


async def test_what_is_refused_is_dead_at_once_with_its_reason_and_can_be_revived(make_town, erp):
    answers = [Refused("le lot n’existe pas"), None]

    async def order(event, request):
        answer = answers.pop(0)
        if answer:
            raise answer

    town = make_town(erp(order, Submitted))
    reference = await town.submit()
    await town.relay.drain()
    line = await town.only("dead")
    assert str(line.trouble) == (
        f"erp (parvis-erp 1.2) · erp.order · {reference} · le lot n’existe pas · it will not be tried again · "
        "correct what was refused and revive the delivery, or skip it"
    )
    assert await revive_all(town.engine) == 1
    await town.relay.drain()
    assert (await town.only("done")).id == line.id


async def test_patience_ends_and_the_delivery_is_dead_in_sight(make_town, erp):
    town = make_town(erp(raises, Submitted))
    with clock.moved_to(clock.now()) as moved:
        await town.submit()
        for _ in range(12):
            await town.relay.step()
            moved.forward(hours=2)
    line = await town.only("dead")
    assert line.attempts == 12
    assert "given up after 12 tries · notify the author of the plugin, then revive the delivery" in str(line.trouble)


async def test_an_erp_that_is_down_for_ninety_minutes_loses_nothing_and_drains_in_order(make_town, erp):
    up, heard = False, {}

    async def order(event, request):
        if not up:
            raise Later("down")
        heard.setdefault(event.reference, []).append(type(event).__name__)

    town = make_town(erp(order))
    with clock.moved_to(clock.now()) as moved:
        references = [await town.submit() for _ in range(8)]
        for reference in references:
            await town.move(reference, "start")
        for _ in range(18):
            await town.relay.drain()
            moved.forward(minutes=5)
        assert (await counts()).done == 0
        [circuit] = await circuits.states()
        assert circuit.is_open
        up = True
        for _ in range(20):
            await town.relay.drain()
            moved.forward(minutes=5)
    assert heard == {reference: ["Submitted", "Moved"] for reference in references}
    assert (await counts()).done == 16
    assert await circuits.states() == ()


async def test_one_full_mailbox_does_not_stop_the_mail_of_others(make_town, erp, pigeon):
    sent = []

    async def order(event, request):
        to = "full@exemple.ca" if request.reference in full else "zoe@exemple.ca"
        return Outcome(messages=(OutgoingMessage(to=to, subject="Bon", text="Bon", language="fr"),))

    async def send(message):
        if message.to == "full@exemple.ca":
            raise Later("mailbox full", only_this=True)
        sent.append(message.id)

    full = []
    town = make_town(erp(order, Submitted), pigeon(send))
    for _ in range(8):
        full.append(await town.submit())
    await town.relay.drain()
    assert await circuits.states() == ()
    await town.submit()
    await town.relay.drain()
    assert len(sent) == 1


async def test_a_lost_answer_is_asked_again_with_the_same_event(make_town, erp):
    heard = []

    async def order(event, request):
        heard.append(event.id)
        if len(heard) == 1:
            await asyncio.Event().wait()

    town = make_town(erp(order, Submitted))
    with clock.moved_to(clock.now()) as moved:
        await town.submit()
        working = asyncio.create_task(town.relay.step())
        while not heard:
            await asyncio.sleep(0.001)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert (await town.only("claimed")).attempts == 1
        moved.forward(minutes=2)
        await town.another_relay().drain()
    assert len(heard) == 2
    assert len(set(heard)) == 1
    assert (await town.only("done")).attempts == 2


async def test_a_delivery_that_kills_its_worker_again_and_again_is_given_up(make_town, erp):
    async def order(event, request):
        heard.append(event)

    heard = []
    town = make_town(erp(order, Submitted))
    await town.submit()
    from parvis.db.tables import Delivery

    async with transaction(town.engine):
        await Delivery.update({Delivery.attempts: 80}, force=True)
    await town.relay.drain()
    line = await town.only("dead")
    assert "the worker that handled it stopped too many times before it answered" in str(line.trouble)
    assert heard == []


async def test_an_event_that_this_version_does_not_know_waits_in_sight(make_town, erp):
    async def order(event, request):
        heard.append(event)

    heard = []
    town = make_town(erp(order, Submitted))
    await town.submit()
    from parvis.db.tables import Delivery

    async with transaction(town.engine):
        await Delivery.update({Delivery.event: '{"event": "celebrated"}'}, force=True)
    await town.relay.drain()
    assert "celebrated" in str((await town.only("postponed")).trouble)
    assert heard == []


async def test_a_busy_database_does_not_make_a_handler_run_twice(make_town, erp, monkeypatch):
    from parvis.db import DatabaseAway
    from parvis.requests import applied_outcomes as settling
    from parvis.worker import relay

    heard, tries = [], []

    async def order(event, request):
        heard.append(event.id)

    async def settle(host, claimed, outcome, also):
        tries.append(claimed.id)
        if len(tries) < 3:
            raise DatabaseAway("busy")
        await settling.settle(host, claimed, outcome, also)

    monkeypatch.setattr(relay, "settle", settle)
    monkeypatch.setattr(relay, "FIRST_WAIT", 0.001)
    town = make_town(erp(order, Submitted))
    await town.submit()
    await town.relay.drain()
    assert (len(heard), len(tries)) == (1, 3)
    assert (await counts()).done == 1


async def test_no_plugin_code_runs_inside_a_unit(make_town, erp):
    town = make_town(erp(raises))
    with pytest.raises(HouseRuleBroken):
        async with transaction(town.engine):
            await town.relay.step()


async def test_slow_handlers_of_one_plugin_leave_room_for_the_others(make_town, erp):
    running, most = set(), 0
    release = asyncio.Event()

    async def order(event, request):
        nonlocal most
        running.add(event.reference)
        most = max(most, len(running))
        await release.wait()
        running.discard(event.reference)

    town = make_town(erp(order, Submitted))
    for _ in range(9):
        await town.submit()
    relay = town.another_relay(of_each=3)
    stopping = asyncio.Event()
    working = asyncio.create_task(relay.run(stopping))
    while len(running) < 3:
        await asyncio.sleep(0.005)
    release.set()
    while (await counts()).done < 9:
        await asyncio.sleep(0.01)
    stopping.set()
    await working
    assert most == 3


async def test_a_relay_told_to_stop_ends_what_is_under_way_and_claims_nothing_more(make_town, erp):
    started, release = asyncio.Event(), asyncio.Event()

    async def order(event, request):
        started.set()
        await release.wait()

    town = make_town(erp(order, Submitted))
    await town.submit()
    stopping = asyncio.Event()
    working = asyncio.create_task(town.relay.run(stopping))
    await started.wait()
    stopping.set()
    await town.submit()
    release.set()
    await asyncio.wait_for(working, 30)
    found = await counts()
    assert (found.done, found.waiting, found.claimed) == (1, 1, 0)


async def test_new_work_is_picked_up_soon_by_a_relay_that_rests(make_town, erp):
    heard = asyncio.Event()

    async def order(event, request):
        heard.set()

    town = make_town(erp(order, Submitted))
    stopping = asyncio.Event()
    working = asyncio.create_task(town.another_relay(longest_rest=0.2).run(stopping))
    await asyncio.sleep(0.3)
    await town.submit()
    await asyncio.wait_for(heard.wait(), 30)
    stopping.set()
    await working


async def test_two_relays_share_the_work_and_nobody_hears_twice(make_town, erp):
    heard = []

    async def order(event, request):
        heard.append(event.id)

    town = make_town(erp(order))
    for _ in range(20):
        reference = await town.submit()
        await town.move(reference, "start")
    await asyncio.gather(*(town.another_relay().drain() for _ in range(3)))
    await town.relay.drain()
    assert len(heard) == len(set(heard)) == 40
    assert (await counts()).done == 40


async def test_moved_events_say_what_happened(make_town, erp):
    heard = []

    async def order(event, request):
        heard.append((event.transition, event.source, event.target, request.state))

    town = make_town(erp(order, Moved))
    reference = await town.submit()
    await town.move(reference, "start")
    await town.relay.drain()
    assert heard == [("start", "received", "working", "working")]


def locks_what_may_be_written(place, how):
    """As a folder does that several machines share by NFS."""
    if fcntl.fcntl(place, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
        raise OSError(errno.EBADF, "Bad file descriptor")
    LOCK(place, how)


def locks_nothing(place, how):
    raise OSError(errno.ENOLCK, "No locks available")


async def test_what_a_killed_worker_of_this_machine_held_is_due_once_another_begins(
    make_town, erp, tmp_path, monkeypatch
):
    """Of another machine nothing is known, however alike its name; nor does one that lives let go of anything."""
    dead, alive, alike = (f"{name}-12-abcdef" for name in (MACHINE, f"{MACHINE}-1", f"{socket.gethostname()[:30]}-2"))
    town = make_town(erp(quick))
    for worker in (dead, alive, alike):
        reference = await town.submit()
        [held] = await claim(town.engine, worker, {"erp.order": 1}, most=1, lease=timedelta(seconds=90))
        assert held.reference == reference
        (tmp_path / f"{worker}.trace").touch()
    monkeypatch.setattr(fcntl, "flock", locks_what_may_be_written)
    with last_words(tmp_path, alive):
        assert await count_against(town.host, tmp_path) == set()
        assert {file.stem for file in tmp_path.glob("*.trace")} == {alive, alike}
    [again] = await claim(town.engine, "next", {"erp.order": 3}, most=3, lease=timedelta(seconds=90))
    assert (again.attempts, again.is_cut_off) == (2, True)
    async with transaction(town.engine):
        assert await deliveries.free("next") == 0  # what was cut off before keeps its lease
    assert await claim(town.engine, "third", {"erp.order": 3}, most=3, lease=timedelta(seconds=90)) == ()


async def test_a_worker_begins_where_files_cannot_be_locked_and_is_never_taken_for_dead(
    make_town, erp, tmp_path, monkeypatch
):
    town = make_town(erp(quick))
    await town.submit()
    worker = f"{MACHINE}-12-abcdef"
    assert len(await claim(town.engine, worker, {"erp.order": 1}, most=1, lease=timedelta(seconds=90))) == 1
    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", locks_nothing)
        words = last_words(tmp_path, worker)
        words.__enter__()
        assert await count_against(town.host, tmp_path) == set()
    try:
        assert await count_against(town.host, tmp_path) == set()  # also where they can be locked since
        assert await claim(town.engine, "next", {"erp.order": 1}, most=1, lease=timedelta(seconds=90)) == ()
    finally:
        words.__exit__(None, None, None)
    assert list(tmp_path.glob("*.trace")) == []


async def quick(event, request):
    return None
