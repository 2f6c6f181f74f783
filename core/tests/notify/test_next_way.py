"""What one way does not deliver the next one does, with the same words; what may have arrived is not sent twice."""

from datetime import timedelta

import httpx
import msgspec
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery, OwedContact
from parvis.outbox import circuits, claim, listing
from parvis.outbox.operating import revive
from parvis.requests.actors import Actor
from parvis.requests.contacts import reached, replace_contact
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.persons.followers import follow
from parvis.requests.records import find
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_testing.notify import owed_by, relay, submit

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
BY_TEXT = {"mode": "named", "name": "Zoé", "phone": "514 555-0101", "preferred_channel": "sms"}


async def test_a_text_that_the_gateway_refuses_becomes_a_call_with_its_words_and_stands_in_the_story(
    make_host, gateway
):
    host = make_host(host="127.0.0.1", port=1, tls="none", sms_url=gateway.url)
    gateway.answers = [(422, {}, b"landline")]
    reference = await submit(host, requester=BY_TEXT)
    await relay(host).drain()
    assert len(await listing(["dead"])) == 1
    assert await owed_by(host, reference) == (["phone"], ["submitted", "undelivered"])
    [row] = await OwedContact.select()
    assert msgspec.json.decode(row["about"], type=Text).fr == f"Requête {reference} reçue"
    assert msgspec.json.decode(row["about"], type=Text).to("en") == f"Request {reference} received"
    (_, line) = await entries_of(await find(host, reference))
    assert (line.body["channel"], line.body["then"]) == ("sms", "phone")
    assert "landline" in line.personal["words"]


async def test_a_mail_that_is_refused_becomes_a_text_where_the_town_writes_texts(make_host, mail_server, gateway):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none", sms_url=gateway.url)
    mail_server.rcpt = "552 5.2.2 Mailbox full"
    reference = await submit(host)
    await relay(host).drain()
    (taken,) = gateway.taken
    said = msgspec.json.decode(taken[3])
    assert said["to"] == "+15145550101"
    assert f"Requête {reference}" in said["text"]
    assert await owed_by(host, reference) == ([], ["submitted", "undelivered"])


async def test_a_mail_and_then_a_text_that_are_refused_end_in_one_call(make_host, mail_server, gateway):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none", sms_url=gateway.url)
    mail_server.rcpt = "550 5.1.1 No such user"
    gateway.answers = [(400, {}, b"no")]
    reference = await submit(host)
    await relay(host).drain()
    assert await owed_by(host, reference) == (["phone"], ["submitted", "returned", "undelivered"])
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    await relay(host).drain()
    assert len(gateway.taken) == 2  # mail comes back from there: the next step goes by text at once


async def test_a_message_that_waits_until_its_channel_is_given_up_becomes_a_call(make_host):
    host = make_host(host="127.0.0.1", port=1, tls="none")  # nobody listens there
    with clock.moved_to(clock.now()) as moved:
        reference = await submit(host)
        for _ in range(100):
            await relay(host).drain()
            if await listing(["dead"]):
                break
            moved.forward(timedelta(hours=2))
    assert await owed_by(host, reference) == (["phone"], ["submitted", "undelivered"])


async def told_but_not_sent(host):
    """The worker ends between telling and sending."""
    async with transaction(host.engine):
        await circuits.pause(host.engine, "channel:email", "not yet")
    await relay(host).step()
    async with transaction(host.engine):
        await circuits.resume("channel:email")


async def test_a_mail_to_an_address_that_was_corrected_meanwhile_goes_to_the_new_one(make_host, mail_server):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    mail_server.rcpt = "550 5.1.1 No such user"
    reference = await submit(host)
    await told_but_not_sent(host)  # composed for the old address
    new = Requester(mode="named", name="Zoé Côté", email="zoe@nouveau.exemple.ca", phone="514 555-0101")
    async with transaction(host.engine):
        await replace_contact((await find(host, reference)).id, new)
    await relay(host).step()
    mail_server.rcpt = ""
    await relay(host).drain()
    (taken,) = mail_server.taken
    assert taken.rcpt_tos == ["zoe@nouveau.exemple.ca"]
    assert (await reached(await find(host, reference))).returned_at is None


async def test_who_follows_and_cannot_be_reached_stands_in_the_story_without_owing_the_requester_a_call(
    make_host, mail_server
):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    reference = await submit(host)
    await follow(host, reference, "luc@exemple.ca", "fr")
    mail_server.rcpt = "550 5.1.1 No such user"
    await relay(host).drain()
    ways, kinds = await owed_by(host, reference)
    assert kinds.count("undelivered") + kinds.count("returned") == 2
    assert ways == ["phone"]


async def test_a_call_is_owed_no_more_when_an_operator_has_the_message_sent_after_all(make_host, gateway):
    host = make_host(host="127.0.0.1", port=1, tls="none", sms_url=gateway.url)
    gateway.answers = [(422, {}, b"no")]
    reference = await submit(host, requester=BY_TEXT)
    await relay(host).drain()
    for answer, owed in (((422, {}, b"no"), ["phone"]), ((200, {}, b"{}"), [])):
        [dead] = await listing(["dead"])
        gateway.answers = [answer]
        assert await revive(host.engine, dead.id)
        await relay(host).drain()
        assert (await owed_by(host, reference))[0] == owed
    assert (await owed_by(host, reference))[1].count("undelivered") == 1


async def killed_while_sending(host) -> None:
    """As a worker that was killed leaves it: a text in its hands, nobody knows what came of it."""
    await relay(host).step()  # the event; its message is written
    (claimed,) = await claim(host.engine, "killed", {"channel:sms": 1}, most=1, lease=timedelta(seconds=60))
    assert not claimed.is_cut_off


@pytest.mark.parametrize(("once", "texts", "owed"), [(False, 0, ["phone"]), (True, 1, [])])
async def test_a_text_whose_worker_was_killed_while_sending_is_sent_again_only_where_the_gateway_knows_it(
    make_host, gateway, once, texts, owed
):
    host = make_host(host="127.0.0.1", port=1, tls="none", sms_url=gateway.url, sms_once=once)
    with clock.moved_to(clock.now()) as moved:
        reference = await submit(host, requester=BY_TEXT)
        await killed_while_sending(host)
        moved.forward(minutes=2)
        await relay(host).drain()
    assert len(gateway.taken) == texts
    assert (await owed_by(host, reference))[0] == owed


@pytest.mark.parametrize(("once", "tries"), [(False, 1), (True, 2)])
async def test_a_text_to_which_the_gateway_gave_no_answer_is_not_sent_twice(
    make_host, gateway, monkeypatch, once, tries
):
    host = make_host(host="127.0.0.1", port=1, tls="none", sms_url=gateway.url, sms_once=once)
    stream = httpx.AsyncClient.stream
    left = iter(range(1))

    def cut_short(self, *args, **given):
        calls.append(given)
        if next(left, None) is not None:
            raise httpx.ReadTimeout("nothing came back")
        return stream(self, *args, **given)

    calls = []
    with clock.moved_to(clock.now()) as moved, monkeypatch.context() as patched:
        patched.setattr(httpx.AsyncClient, "stream", cut_short)
        reference = await submit(host, requester=BY_TEXT)
        await relay(host).drain()
        moved.forward(minutes=2)
        await relay(host).drain()
    assert len(calls) == tries
    assert (await owed_by(host, reference))[0] == ([] if once else ["phone"])


async def test_a_gateway_that_was_not_reached_gets_the_text_later(make_host, gateway):
    host = make_host(host="127.0.0.1", port=1, tls="none", sms_url="http://127.0.0.1:1/nobody")
    reference = await submit(host, requester=BY_TEXT)
    await relay(host).drain()
    assert len(await listing(["postponed"])) == 1
    assert (await owed_by(host, reference))[0] == []


async def test_a_mail_whose_worker_was_killed_goes_again_with_the_same_key(make_host, mail_server):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    with clock.moved_to(clock.now()) as moved:
        await submit(host)
        await told_but_not_sent(host)
        (claimed,) = await claim(host.engine, "killed", {"channel:email": 1}, most=1, lease=timedelta(seconds=60))
        moved.forward(minutes=2)
        await relay(host).drain()
    assert len(mail_server.taken) == 1
    assert await Delivery.count().where((Delivery.id == claimed.id) & (Delivery.state == "done")) == 1
