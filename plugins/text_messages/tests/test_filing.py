"""An answer by text message stands on its request, once; where two are possible, nobody guesses; STOP is obeyed."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Contact, OwedContact, ServiceRequest
from parvis.outbox.deliveries import write_message
from parvis.outbox.letters import letters
from parvis.requests.actors import Actor
from parvis.requests.erasure_rules import count_unsorted
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.worker import Relay
from parvis_sdk.channels import OutgoingMessage
from parvis_testing.modules import switch
from parvis_testing.town import Town
from parvis_text_messages.chores import go_on
from parvis_text_messages.filing import take_in
from parvis_text_messages.providers import ReceivedText
from parvis_text_messages.stops import stopped_among
from parvis_text_messages.tables import IncomingText

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
NUMBER, WORDS = "+15145550101", "Oui, c’est devant le 1234."
BY_TEXT = {"mode": "named", "name": "Zoé Côté", "phone": "514 555-0101", "preferred_channel": "sms"}


async def filed(town, **given):
    """A request whose person is told by text message, and has been."""
    reference = (await town.submit(requester=BY_TEXT | given)).reference
    await drained(town)
    return reference


async def drained(town):
    await Relay(town.host, luck=lambda: 0.0).drain()


async def comes(town, words=WORDS, sender=NUMBER, **given):
    text = ReceivedText(id=given.pop("id", str(uuid4())), sender=sender, words=words, **given)
    return await take_in(town.host, town.host.jurisdictions.jurisdiction("parvis"), text)


async def kinds(town, reference):
    return [entry.kind for entry in await entries_of(await town.record(reference))]


async def texts_to(number=NUMBER):
    return [each.text for each in await letters(limit=1000) if each.channel == "sms" and each.to == number]


@pytest.mark.parametrize("written", ["+15145550101", "(514) 555-0101", "1-514-555-0101", "0015145550101"[2:]])
async def test_an_answer_stands_on_the_only_request_of_its_number_however_that_is_written(texting, written):
    reference = await filed(texting)
    fate = await comes(texting, sender=written)
    assert (fate.sort, fate.state, fate.reference) == ("reply", "filed", reference)
    record = await texting.record(reference)
    entry = (await entries_of(record))[-1]
    assert (entry.kind, entry.audience, entry.personal["words"]) == ("received", "requester", WORDS)
    assert entry.personal["from"] == NUMBER
    assert await broken_at(record) is None
    row = await IncomingText.select().first()
    assert (row["words"], row["sender"]) == ("", "")


async def test_the_same_message_again_changes_nothing(texting):
    reference = await filed(texting)
    first, again = await comes(texting, id="in-1"), await comes(texting, "Autre chose", id="in-1")
    assert (first.repeated, again.repeated, again.reference) == (False, True, reference)
    assert (await kinds(texting, reference)).count("received") == 1


async def test_an_answer_takes_the_step_of_answering(texting):
    reference = await filed(texting)
    await make_move(texting.host, reference, "start", {}, actor=ANA, mover="agent")
    await make_move(texting.host, reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
    await comes(texting)
    assert (await texting.record(reference)).state == "working"


async def test_of_two_open_requests_none_is_guessed_and_the_person_is_asked_which(texting):
    first, second = await filed(texting), await filed(texting)
    fate = await comes(texting)
    assert (fate.sort, fate.state) == ("ambiguous", "open")
    await drained(texting)
    asked = (await texts_to())[0]
    assert first in asked
    assert second in asked
    answered = await comes(texting, f"{first.lower().replace('-', ' ')}")
    assert answered.reference == first
    entries = await entries_of(await texting.record(first))
    assert [each.personal["words"] for each in entries if each.kind == "received"] == [WORDS]
    assert "received" not in await kinds(texting, second)


async def test_of_two_open_requests_the_one_that_asked_last_is_answered(texting):
    first, second = await filed(texting), await filed(texting)
    await make_move(texting.host, first, "start", {}, actor=ANA, mover="agent")
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        await make_move(texting.host, first, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
        await drained(texting)
        assert (await comes(texting)).reference == first
    assert "received" not in await kinds(texting, second)


async def test_of_people_who_share_a_number_nobody_is_guessed_nor_told_of_the_other(texting):
    await filed(texting)
    await filed(texting, name="Paul Roy")
    before = len(await texts_to())
    fate = await comes(texting)
    assert (fate.sort, fate.state, fate.why) == ("new", "open", "its number is the one of several persons")
    await drained(texting)
    assert len(await texts_to()) == before


async def test_a_reference_names_a_request_of_its_own_number_and_no_other(texting):
    mine, other = await filed(texting), await filed(texting, name="Paul Roy", phone="514 555-0199")
    assert (await comes(texting, f"Pour {mine} : c’est réglé")).reference == mine
    assert (await comes(texting, f"Pour {other} : c’est réglé")).state == "open"
    assert "received" not in await kinds(texting, other)


@pytest.mark.parametrize("sender", ["+14505550188", "BANQUE", "64000"])
async def test_who_is_not_known_is_to_be_sorted(texting, sender):
    await filed(texting)
    fate = await comes(texting, "Il y a un nid-de-poule", sender=sender)
    assert (fate.sort, fate.state) == ("new", "open")
    assert (await IncomingText.select().first())["words"] == "Il y a un nid-de-poule"
    assert await count_unsorted(texting.host, "parvis") == {"/bureau/textos": 1}
    assert await count_unsorted(texting.host, "rivemont") == {}


@pytest.mark.parametrize("word", ["STOP", "arrêt", "Arret.", "STOP TOUT", "Stop\n\nEnvoyé de mon iPhone"])
async def test_stop_is_obeyed_for_every_request_and_the_next_way_is_taken(texting, word):
    reference = await filed(texting, email="zoe@exemple.ca")
    assert (await comes(texting, word)).sort == "stop"
    assert await stopped_among([NUMBER]) == {NUMBER}
    entry = (await entries_of(await texting.record(reference)))[-1]
    assert (entry.kind, entry.audience) == ("note", "internal")
    assert "STOP" in entry.personal["words"]
    assert "par courriel" in entry.personal["words"]
    before = len(await texts_to())
    await make_move(texting.host, reference, "start", {}, actor=ANA, mover="agent")
    await filed(texting, email="zoe@exemple.ca")
    assert len(await texts_to()) == before
    assert [each.to for each in await letters(limit=50) if each.channel == "email"] == ["zoe@exemple.ca"] * 2


async def test_what_was_on_its_way_when_stop_came_is_to_be_told_by_telephone(texting):
    reference = await filed(texting)
    before, record = await texts_to(), await texting.record(reference)
    message = OutgoingMessage(
        channel="sms", to=NUMBER, subject="Réglée", text="Réglée.", language="fr", recipient="requester"
    )
    async with transaction(texting.host.engine):
        await write_message(message, request=record.id, reference=reference)
    await comes(texting, "STOP")
    await drained(texting)
    assert await texts_to() == before
    (owed,) = await OwedContact.select()
    assert (owed["way"], owed["state"]) == ("phone", "owed")
    assert (await kinds(texting, reference))[-1] == "undelivered"


async def test_start_lets_them_come_again_and_help_says_how_to_reach_the_town(texting):
    reference = await filed(texting)
    await comes(texting, "STOP")
    assert (await comes(texting, "Start")).sort == "start"
    assert await stopped_among([NUMBER]) == frozenset()
    assert (await comes(texting, "AIDE")).sort == "help"
    await drained(texting)
    told = await texts_to()
    assert any("reprennent" in each for each in told)
    assert any("Pour nous joindre" in each for each in told)
    assert (await entries_of(await texting.record(reference)))[-1].kind == "note"


async def test_help_after_stop_is_answered_once_an_hour_and_nothing_else_goes_there(texting):
    reference = await filed(texting)
    with clock.moved_to(clock.now()) as time:
        await comes(texting, "AIDE")  # before STOP it is answered as it is to everybody
        await drained(texting)
        time.forward(minutes=1)
        await comes(texting, "STOP")
        await drained(texting)
        before = len(await texts_to())
        time.forward(minutes=5)
        for _ in range(3):  # as two machines would that answer each other
            assert (await comes(texting, "AIDE")).sort == "help"
        await make_move(texting.host, reference, "start", {}, actor=ANA, mover="agent")
        ordinary = OutgoingMessage(channel="sms", to=NUMBER, subject="Ville", text="Bonjour", language="fr")
        async with transaction(texting.host.engine):
            await write_message(ordinary, request=uuid4(), reference="")
        await drained(texting)
        (answer,) = (await texts_to())[: len(await texts_to()) - before]
        assert "ne vous envoyons plus de textos" in answer
        assert "START" in answer
        assert await stopped_among([NUMBER]) == {NUMBER}
        for minutes in (50, 11):  # one that was not answered holds the next one back no longer
            time.forward(minutes=minutes)
            await comes(texting, "HELP")
        await drained(texting)
        assert len(await texts_to()) == before + 2


async def test_words_about_a_stop_sign_stop_nothing(texting):
    reference = await filed(texting)
    assert (await comes(texting, "Arrêt manquant au coin")).reference == reference
    assert await stopped_among([NUMBER]) == frozenset()


async def test_two_parts_are_one_message_in_whatever_order_they_come(texting):
    reference = await filed(texting)
    assert (await comes(texting, "fin du texte.", group="g", number=2, of=2)).state == "arrived"
    await comes(texting, "Un début, ", group="g", number=1, of=2)
    entries = await entries_of(await texting.record(reference))
    assert [each.personal["words"] for each in entries if each.kind == "received"] == ["Un début, fin du texte."]


async def test_a_part_that_never_comes_is_waited_for_no_longer_than_ten_minutes(texting):
    reference = await filed(texting)
    await comes(texting, "Un début", group="g", number=1, of=2)
    await go_on(texting.host)
    assert "received" not in await kinds(texting, reference)
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        await go_on(texting.host)
    entry = (await entries_of(await texting.record(reference)))[-1]
    assert (entry.personal["words"], len(entry.personal["left_out"])) == ("Un début", 1)


async def test_above_thirty_an_hour_messages_are_counted_and_not_read_but_stop_is(texting):
    await filed(texting)
    fates = [await comes(texting, f"message {number}") for number in range(32)]
    assert [fate.state for fate in fates].count("filed") == 30
    assert (fates[-1].sort, fates[-1].state) == ("flood", "aside")
    assert (await comes(texting, "STOP")).sort == "stop"


async def test_erasing_a_request_destroys_what_was_answered(texting):
    reference = await filed(texting)
    await comes(texting)
    await erase(texting.host, reference, actor=ANA)
    assert (await comes(texting, "Encore")).state == "open"
    assert all(entry.personal is None for entry in await entries_of(await texting.record(reference)))


async def test_one_with_a_name_and_one_without_but_with_another_mail_are_two(texting):
    await filed(texting, email="zoe@exemple.ca")
    other = await texting.record(await filed(texting, email="paul@exemple.ca"))
    async with transaction(texting.host.engine):
        await Contact.update({Contact.name: ""}).where(Contact.request == other.id)
    assert (await comes(texting)).why == "its number is the one of several persons"


async def test_what_may_be_about_requests_of_another_town_is_sorted_there(texting):
    rivemont = structs.replace(texting.host.jurisdictions.jurisdiction("parvis"), code="rivemont")
    towns = {**texting.host.jurisdictions.by_code, "rivemont": rivemont}
    host = replace(texting.host, jurisdictions=structs.replace(texting.host.jurisdictions, by_code=towns))
    for _ in range(2):
        await filed(texting)
    async with transaction(host.engine):
        await ServiceRequest.update({ServiceRequest.jurisdiction: "rivemont"}, force=True)
    await switch(host, "on")
    assert (await comes(Town(host=host, counter=texting.counter))).sort == "ambiguous"
    assert (await IncomingText.select().first())["jurisdiction"] == "rivemont"


async def test_stop_is_heard_with_a_photo_and_where_the_module_is_off(texting):
    assert (await comes(texting, "STOP", media=("https://x.example/1",))).sort == "stop"
    assert (await comes(texting, "START")).sort == "start"
    await switch(texting.host, "off")
    assert (await comes(texting, "Bonjour")).state == "dropped"
    assert (await comes(texting, "STOP")).sort == "stop"
    assert await stopped_among([NUMBER]) == {NUMBER}


async def test_an_empty_message_is_let_go_and_moves_nothing(texting):
    reference = await filed(texting)
    assert (await comes(texting, " \n")).state == "dropped"
    assert "received" not in await kinds(texting, reference)


async def test_a_message_in_parts_counts_once(texting):
    await filed(texting)
    for number in range(11):
        for part in (1, 2, 3):
            await comes(texting, f"partie {part} ", group=f"g{number}", number=part, of=3)
    assert (await comes(texting)).state == "filed"
