"""What the worker does for several requests at once: told, written and mailed together, and none for all."""

import asyncio

import pytest

from parvis import clock
from parvis.db import DatabaseAway, counted, held, transaction
from parvis.db.tables import ServiceRequest
from parvis.notify.channels import Mailbox
from parvis.outbox import circuits, counts, letters, listing
from parvis.requests.lifecycle import make_move
from parvis.worker import passes
from parvis_testing.notify import relay, submit
from parvis_testing.worker import ANA

MANY = 24
A_PASS = 22  # statements, however many requests are in it


async def from_many(host, many=MANY):
    """The references of requests of as many people, by their addresses."""
    people = [f"resident{number}@exemple.ca" for number in range(many)]
    return {email: await submit(host, requester={"mode": "named", "name": "Zoé", "email": email}) for email in people}


async def letters_by_address():
    found = {}
    for each in await letters.letters(limit=1000):
        found.setdefault(each.to, []).append(each)
    return found


async def breaks(*references):
    """What is done for these requests ends in a mistake of our own code."""
    broken = ServiceRequest.update({ServiceRequest.state: "gone"})
    async with transaction(ServiceRequest._meta.db):
        await broken.where(ServiceRequest.reference.is_in(list(references)))


@pytest.mark.both_engines
async def test_a_pass_tells_and_mails_24_requests_in_as_many_statements_as_a_few(make_host):
    host = make_host(mode="mailbox")
    few = await from_many(host, 2)
    with counted() as of_few:
        assert await relay(host).step() == 4
    many = await from_many(host)
    with counted() as of_many:
        assert await relay(host).step() == 2 * MANY
    assert of_few.count == of_many.count <= A_PASS, "\n".join(of_many.statements)
    told = await letters_by_address()
    assert {to: [each.reference for each in some] for to, some in told.items() if to in many and to not in few} == {
        to: [reference] for to, reference in many.items() if to not in few
    }
    assert (await counts()).done == 2 * (MANY + 2)


@pytest.mark.both_engines
async def test_bad_requests_hold_up_no_other_and_open_no_circuit(make_host):
    host = make_host(mode="mailbox")
    requests = await from_many(host)
    bad = list(requests.values())[:6]
    await breaks(*bad)
    with clock.moved_to(clock.now()):
        await relay(host).drain()
    told = await letters_by_address()
    assert {each.reference for some in told.values() for each in some} == set(requests.values()) - set(bad)
    assert {(line.subscriber, line.reference) for line in await listing(["postponed"])} == {
        ("notify.tell", each) for each in bad
    }
    assert await circuits.states() == ()


async def test_what_a_channel_does_wrong_with_one_message_opens_no_circuit(make_host, monkeypatch):
    sends = Mailbox.letter

    def letter(mailbox, message):
        if message.to.startswith("resident1"):  # eleven of them
            raise KeyError(message.to)
        return sends(mailbox, message)

    monkeypatch.setattr(Mailbox, "letter", letter)
    host = make_host(mode="mailbox")
    await from_many(host)
    with clock.moved_to(clock.now()):
        await relay(host).drain()
    assert len(await letters_by_address()) == MANY - 11
    assert {line.subscriber for line in await listing(["postponed"])} == {"channel:email"}
    assert (await counts()).postponed == 11
    assert await circuits.states() == ()


@pytest.mark.parametrize("fails", ["settle_each", "settle_messages", "read_beside"])
async def test_where_a_pass_fails_each_is_seen_through_by_itself_and_told_once(make_host, monkeypatch, fails):
    async def away(*_, **__):
        raise DatabaseAway("busy")

    monkeypatch.setattr(passes, fails, away)
    host = make_host(mode="mailbox")
    requests = await from_many(host, 5)
    await relay(host).drain()
    told = await letters_by_address()
    assert {to: [each.reference for each in some] for to, some in told.items()} == {
        to: [reference] for to, reference in requests.items()
    }
    assert (await counts()).done == 10


@pytest.mark.both_engines
@pytest.mark.parametrize(("dies_in", "kept"), [("relay.send_together", 0), ("passes.settle_messages", MANY)])
async def test_a_worker_that_dies_in_a_pass_loses_no_message_and_sends_none_twice(
    make_host, monkeypatch, dies_in, kept
):
    reached = asyncio.Event()

    async def stands_still(*_, **__):
        reached.set()
        await asyncio.Event().wait()

    host = make_host(mode="mailbox")
    dying = relay(host)
    requests = await from_many(host)
    with clock.moved_to(clock.now()) as moved, monkeypatch.context() as patched:
        patched.setattr(f"parvis.worker.{dies_in}", stands_still)
        working = asyncio.create_task(dying.step())
        await reached.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        patched.undo()
        assert (await counts()).claimed == MANY
        assert len(await letters_by_address()) == kept
        assert await relay(host).drain() == 0
        moved.forward(minutes=2)
        assert await relay(host).drain() == MANY
    told = await letters_by_address()
    assert {to: len(some) for to, some in told.items()} == dict.fromkeys(requests, 1)
    assert (await counts()).done == 2 * MANY


async def test_what_waits_in_its_line_is_not_overtaken_by_a_pass(make_host, monkeypatch):
    async def away(*_):
        raise DatabaseAway("busy")

    host = make_host(mode="mailbox")
    with clock.moved_to(clock.now()) as moved:
        reference = await submit(host)
        with monkeypatch.context() as patched:
            patched.setattr(letters, "keep", away)
            patched.setattr(letters, "keep_new", away)
            await relay(host).step()
        await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
        await relay(host).step()
        assert await letters.letters() == ()
        waiting = {line.subscriber for line in await listing(["waiting", "postponed"])}
        assert (waiting, (await counts()).claimed) == ({"channel:email"}, 0)
        moved.forward(minutes=5)
        await relay(host).drain()
    first, second = sorted(await letters.letters(), key=lambda each: each.id)
    assert "nous l’avons reçue" in first.subject
    assert first.at <= second.at


async def test_a_channel_that_is_paused_gets_nothing_in_a_pass(make_host):
    host = make_host(mode="mailbox")
    await from_many(host, 3)
    async with transaction(host.engine):
        await circuits.pause(host.engine, "channel:email", "a new server")
    await relay(host).drain()
    assert await letters.letters() == ()
    assert (await counts()).waiting == 3
    async with transaction(host.engine):
        await circuits.resume("channel:email")
    await relay(host).drain()
    assert len(await letters.letters()) == 3


async def test_no_more_is_sent_to_an_address_in_a_pass_than_in_as_many(make_host):
    host = make_host(mode="mailbox")
    for _ in range(MANY):
        await submit(host)
    await relay(host).drain()
    assert len(await letters.letters()) == 20
    assert (await counts()).done == MANY + 20


@pytest.mark.both_engines
async def test_several_workers_share_and_nobody_is_told_twice(make_host):
    host = make_host(mode="mailbox")
    requests = await from_many(host, 60)
    await asyncio.gather(*(relay(host).drain() for _ in range(4)))
    await relay(host).drain()
    told = await letters_by_address()
    assert {to: len(some) for to, some in told.items()} == dict.fromkeys(requests, 1)


@pytest.mark.both_engines
async def test_a_request_that_somebody_is_changing_keeps_no_other_waiting(make_host):
    host = make_host(mode="mailbox")
    if host.engine.engine_type != "postgres":
        return  # its only writer waits for nobody's rows
    requests = await from_many(host, 5)
    email, reference = next(iter(requests.items()))
    locked, release = asyncio.Event(), asyncio.Event()

    async def change_slowly():
        async with transaction(host.engine):
            await held(ServiceRequest.select().where(ServiceRequest.reference == reference), host.engine)
            locked.set()
            await release.wait()

    changing = asyncio.create_task(change_slowly())
    await locked.wait()
    working = asyncio.create_task(relay(host).step())
    while len(told := await letters_by_address()) < 4:
        await asyncio.sleep(0.01)
    assert email not in told
    release.set()
    await asyncio.gather(changing, working)
    await relay(host).drain()
    assert set(await letters_by_address()) == set(requests)


def by_mail(make_host, mail_server):
    return make_host(host="127.0.0.1", port=mail_server.port, tls="none")


@pytest.mark.both_engines
async def test_mail_goes_side_by_side_over_few_connections_and_is_written_down_for_all(
    make_host, mail_server, monkeypatch
):
    for each in ("PATIENCE", "UNWRITTEN"):
        monkeypatch.setattr(passes, each, 60)
    host = by_mail(make_host, mail_server)
    await from_many(host, 2)
    with counted() as of_few:
        assert await relay(host).step() == 4
    requests = await from_many(host)
    with counted() as of_many:
        assert await relay(host).step() == 2 * MANY
    assert of_few.count == of_many.count <= A_PASS, "\n".join(of_many.statements)
    assert sorted(envelope.rcpt_tos[0] for envelope in mail_server.taken[2:]) == sorted(requests)
    assert mail_server.most_open <= 8
    assert mail_server.connections < MANY
    assert (await counts()).done == 2 * (MANY + 2)


@pytest.mark.both_engines
async def test_mail_that_is_refused_or_never_answered_holds_no_other_up(make_host, mail_server, monkeypatch):
    monkeypatch.setattr(passes, "PATIENCE", 0.2)
    answers, answered = mail_server.handle_RCPT, asyncio.Event()

    async def handle_rcpt(server, session, envelope, address, options):
        if address.startswith("resident1@"):
            return "550 5.7.1 refused by policy"
        if address.startswith("resident2@"):
            await answered.wait()
        return await answers(server, session, envelope, address, options)

    mail_server.handle_RCPT = handle_rcpt
    host = by_mail(make_host, mail_server)
    await from_many(host)
    working = asyncio.create_task(relay(host).step())
    async with asyncio.timeout(60):
        while (await counts()).done < 2 * MANY - 2:
            await asyncio.sleep(0.05)
        assert len(mail_server.taken) == MANY - 2
        answered.set()
        assert await working == 2 * MANY
    assert len(mail_server.taken) == MANY - 1
    assert ((await counts()).done, (await counts()).dead) == (2 * MANY - 1, 1)
    assert await circuits.states() == ()


async def test_what_was_taken_is_written_before_the_slowest_answers_and_who_stops_sends_no_more(
    make_host, mail_server, monkeypatch
):
    monkeypatch.setattr(passes, "PATIENCE", 600)
    answers, answered, writes = mail_server.handle_RCPT, asyncio.Event(), asyncio.Event()

    async def handle_rcpt(server, session, envelope, address, options):
        if address.startswith("resident2@"):
            await answered.wait()
        return await answers(server, session, envelope, address, options)

    async def stands_still(*_, **__):
        writes.set()
        await asyncio.Event().wait()

    mail_server.handle_RCPT = handle_rcpt
    host = by_mail(make_host, mail_server)
    await from_many(host, 4)
    working = asyncio.create_task(relay(host).step())
    async with asyncio.timeout(60):
        while (await counts()).done < 7:
            await asyncio.sleep(0.05)
        answered.set()
        assert await working == 8
        answered.clear()
        monkeypatch.setattr(passes, "settle_messages", stands_still)
        await from_many(host, 4)
        working = asyncio.create_task(relay(host).step())
        await writes.wait()
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
    going_on = [each for each in asyncio.all_tasks() if not each.cancelling()]
    assert "_send_in_its_turn" not in {each.get_coro().__name__ for each in going_on}
