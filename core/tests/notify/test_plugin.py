"""`notify` as a plugin among others, and the whole way of a message through the host."""

from datetime import timedelta

import msgspec
import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Delivery, OwedContact
from parvis.outbox import counts, deliveries, letters, listing
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.contacts import reached
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.persons.followers import confirm, follow
from parvis.requests.records import find
from parvis.requests.work.conversation import reply
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.text import Text
from parvis_testing.notify import NOTIFY, owed_by, relay, submit

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


def test_it_opens_without_trouble_and_asks_for_no_more_than_it_needs():
    plugins = load_plugins([NOTIFY])
    assert plugins.troubles == ()
    assert set(plugins.channels) == {"email"}
    assert {each.name: each.subscription.needs for each in plugins.subscriptions} == {
        "notify.tell": ("contact", "followers")
    }


async def test_every_step_reaches_the_mailbox_once_in_order(make_host):
    host = make_host(mode="mailbox")
    reference = await submit(host)
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    await reply(host, reference, "Pouvez-vous préciser?", actor=ANA)
    await relay(host).drain()
    await relay(host).drain()
    found = [letter.subject for letter in reversed(await letters.letters(reference=reference))]
    assert len(found) == 3
    assert found[0] == f"Requête {reference}\u00a0: nous l’avons reçue"
    assert found[1] == f"Requête {reference}\u00a0: En cours"
    assert (await counts()).waiting == 0
    acknowledgement = (await letters.letters(reference=reference))[-1]
    assert f"/fr/suivi/{reference}?cle=" in acknowledgement.text


async def test_each_reply_brings_its_own_words_which_the_outbox_never_held(make_host):
    host = make_host(mode="mailbox")
    reference = await submit(host)
    await reply(host, reference, "Première question?", actor=ANA)
    await reply(host, reference, "Seconde question?", actor=ANA)
    assert "question" not in str(await Delivery.select(Delivery.event))
    await relay(host).drain()
    second, first, _ = await letters.letters(reference=reference)
    assert "Première question?" in first.text
    assert "Seconde question?" in second.text
    assert "question" not in str(await Delivery.select(Delivery.event))


async def test_what_was_answered_to_a_step_is_said_as_people_say_it(make_host):
    host = make_host(mode="mailbox")
    reference = await submit(host)
    await make_move(host, reference, "plan", {"planned_on": "2026-12-01"}, actor=ANA, mover="agent")
    await relay(host).drain()
    [planned, _] = await letters.letters(reference=reference)
    assert planned.subject == "Travaux prévus"
    assert "C’est prévu le 1er décembre 2026." in planned.text


async def test_a_follower_confirms_and_is_then_told(make_host):
    host = make_host(mode="mailbox")
    reference = await submit(host)
    await follow(host, reference, "luc@exemple.ca", "en")
    await relay(host).drain()
    [asked] = await letters.letters(to="luc@exemple.ca")
    link = asked.text.partition("To confirm: ")[2].split()[0]
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    await relay(host).drain()
    assert len(await letters.letters(to="luc@exemple.ca")) == 1
    assert await confirm(host, link.rpartition("/")[2]) is not None
    await make_move(host, reference, "resolve", {}, actor=ANA, mover="agent")
    await relay(host).drain()
    [news, _] = await letters.letters(to="luc@exemple.ca")
    assert "is now at this step" in news.text
    assert "cle=" not in news.text


async def test_an_erased_request_leaves_no_letter_and_sends_none(make_host):
    host = make_host(mode="mailbox")
    reference = await submit(host)
    await relay(host).drain()
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    assert len(await letters.letters(reference=reference)) == 1
    await erase(host, reference, actor=SYSTEM)
    await relay(host).drain()
    assert await letters.letters(reference=reference) == ()
    assert "zoe@exemple.ca" not in str(await Delivery.select())


async def test_a_greylisting_server_gets_the_message_later_and_once(make_host, mail_server):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    mail_server.rcpt = "451 4.7.1 Greylisted"
    with clock.moved_to(clock.now()) as moved:
        await submit(host)
        await relay(host).drain()
        [waiting] = await listing(["postponed"])
        assert (waiting.subscriber, waiting.event) == ("channel:email", "message_due")
        assert "451 4.7.1 Greylisted" in str(waiting.trouble)
        mail_server.rcpt = ""
        moved.forward(timedelta(minutes=1))
        await relay(host).drain()
    assert len(mail_server.taken) == 1
    assert (await counts()).postponed == 0


async def test_an_address_that_does_not_exist_is_dead_with_its_reason(make_host, mail_server):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    mail_server.rcpt = "550 5.1.1 No such user"
    await submit(host)
    await relay(host).drain()
    [dead] = await listing(["dead"])
    assert "the mail server does not accept this receiver: 550 5.1.1 No such user" in str(dead.trouble)
    assert str(dead.trouble).startswith("notify (parvis 0) · channel:email · ")


@pytest.mark.parametrize(
    ("answer", "marked", "kinds"),
    [
        ("550 5.1.1 No such user", True, ["returned"]),
        ("550 5.2.1 Mailbox disabled", True, ["returned"]),
        ("550 No such user here", True, ["returned"]),
        ("552 5.2.2 Mailbox full", False, ["undelivered"]),
        ("552 Mailbox full", False, ["undelivered"]),
        ("554 5.7.1 Relay access denied", False, ["undelivered"]),
        ("550 relay not permitted", False, ["undelivered"]),
        ("553 5.1.8 Sender rejected", False, ["undelivered"]),
        ("550 5.7.1 Blocked", False, ["undelivered"]),
    ],
)
async def test_an_address_refused_while_sending_is_marked_as_one_that_mail_comes_back_from(
    make_host, mail_server, answer, marked, kinds
):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    mail_server.rcpt = answer
    reference = await submit(host)
    await relay(host).drain()
    assert len(await listing(["dead"])) == 1
    reach = await reached(await find(host, reference))
    assert (reach.returned_at is not None, reach.returned_why) == (marked, answer if marked else "")
    assert await owed_by(host, reference) == (["phone"] * len(kinds), ["submitted", *kinds])
    await make_move(host, reference, "start", {}, actor=ANA, mover="agent")
    mail_server.rcpt = ""
    await relay(host).drain()
    assert len(mail_server.taken) == (0 if marked else 1)
    assert len((await owed_by(host, reference))[0]) == len(kinds) + marked  # the step is told by telephone


async def test_what_the_server_says_of_the_box_once_it_has_the_message_counts_too(make_host, mail_server):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    mail_server.data = "550 5.1.1 User unknown"
    reference = await submit(host)
    await relay(host).drain()
    assert (await reached(await find(host, reference))).returned_why == "550 5.1.1 User unknown"


async def test_several_mails_refused_are_one_call_and_one_without_a_telephone_is_a_letter(make_host, mail_server):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    mail_server.rcpt = "550 5.1.1 No such user"
    person = {"mode": "named", "name": "Zoé Côté", "email": "zoe@exemple.ca", "postal_address": "C. P. 5\nMagog"}
    reference = await submit(host, requester=person)
    async with transaction(host.engine):
        mail = OutgoingMessage(to="Zoe@exemple.ca", subject="Encore", text="Encore", language="fr")
        await deliveries.write_message(mail, request=(await find(host, reference)).id, reference=reference)
    await relay(host).drain()
    assert len(await listing(["dead"])) == 2
    assert await owed_by(host, reference) == (["letter"] * 2, ["submitted", "returned", "undelivered"])
    words = [msgspec.json.decode(row["say"], type=Text).fr for row in await OwedContact.select()]
    assert "Encore" in words  # each with its own words, in one letter
    assert any(each.startswith("Nous avons reçu votre requête.") for each in words)


async def test_an_address_of_somebody_else_or_that_was_corrected_marks_nobody(make_host, mail_server):
    host = make_host(host="127.0.0.1", port=mail_server.port, tls="none")
    reference = await submit(host)
    await relay(host).drain()
    record = await find(host, reference)
    mail_server.rcpt = "550 5.1.1 No such user"
    async with transaction(host.engine):
        for to in ("luc@exemple.ca", "zoe@avant.exemple.ca", "pas une adresse"):
            mail = OutgoingMessage(to=to, subject="Encore", text="Encore", language="fr")
            await deliveries.write_message(mail, request=record.id, reference=reference)
    await relay(host).drain()
    assert len(await listing(["dead"])) == 3
    assert await owed_by(host, reference) == ([], ["submitted", *["undelivered"] * 3])
    assert (await reached(record)).returned_at is None


async def test_a_gateway_that_asks_to_wait_gets_the_text_message_later_under_the_same_key(make_host, gateway):
    host = make_host(host="127.0.0.1", port=1, tls="none", sms_url=gateway.url)
    gateway.answers = [(503, {"Retry-After": "90"}, b"busy"), (200, {}, b'{"id": "SM1"}')]
    by_text = {"mode": "named", "name": "Zoé", "phone": "514 555-0101", "preferred_channel": "sms"}
    with clock.moved_to(clock.now()) as moved:
        reference = await submit(host, requester=by_text)
        await relay(host).drain()
        [waiting] = await listing(["postponed"])
        assert (waiting.subscriber, waiting.event) == ("channel:sms", "message_due")
        assert "503 busy" in str(waiting.trouble)
        moved.forward(timedelta(seconds=80))
        assert await relay(host).drain() == 0
        moved.forward(timedelta(seconds=60))
        await relay(host).drain()
    first, second = gateway.taken
    assert first[2]["idempotency-key"] == second[2]["idempotency-key"]
    assert reference in second[3].decode()
    assert (await counts()).postponed == 0


async def test_wrong_settings_are_told_when_the_house_opens():
    plugins = load_plugins([NOTIFY], settings_from({"notify": {"mode": "pigeon", "port": 0}}, {}))
    assert "notify" not in plugins.by_name
    assert any("mode" in str(trouble) for trouble in plugins.troubles)
