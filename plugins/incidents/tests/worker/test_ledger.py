"""The ledger of an announcement: told means delivered, what fails goes on, a correction reaches who heard the error."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Follower, OwedContact
from parvis.deployment import built_in_plugins, found_inside, plugins_of
from parvis.identifiers import new_id
from parvis.notify.channels import Mailbox, TextMailbox
from parvis.outbox.letters import letters
from parvis.outbox.operating import listing, skip
from parvis.plugins import DiscoveredPlugin
from parvis.plugins.loading import load_plugins
from parvis.plugins.plugin_settings import settings_from
from parvis.requests.actors import Actor
from parvis.requests.contacts import replace_contact, stop_messages
from parvis.requests.declarations import Declarations
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.offered import TypesInTowns
from parvis.requests.persons.followers import confirm, follow, stop, token_of
from parvis.requests.request_service import RequestService
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, scope_of
from parvis.requests.work.undelivered import pass_on_emergencies, returned_within
from parvis.signing import SecretKeys
from parvis.worker import Relay
from parvis_bulk_actions.actions import RecipientCount, is_spared, written_to
from parvis_incidents.attaching import attach_due, take_out
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.figures import AnnouncementFigures, figures_of
from parvis_incidents.ledger import ledger_of
from parvis_incidents.tables import IncidentTold
from parvis_incidents.telling import announce_word, audience, tell_latest, told_to
from parvis_sdk.errors import Later, Refused
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_telephone.calls import calls_for, calls_of, mark
from parvis_testing.town import HOLE, plugin_of

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
TITLE = Text(fr="Bris d’aqueduc", en="Water main break")
BOIL = Text(fr="Faites bouillir l’eau.", en="Boil the water.")
FIXED = Text(fr="Rue Rachel seulement.", en="Rachel Street only.")


@pytest.fixture
def wet(town, modules):
    """The town with what is built in, mail and texts into a mailbox."""
    built_in = [found_inside(name, module) for name, module in built_in_plugins().items()] + [*plugins_of(modules)]
    plugins = load_plugins(
        [*built_in, DiscoveredPlugin.of("town", plugin_of(HOLE))], settings_from({"notify": {"mode": "mailbox"}}, {})
    )
    assert not plugins.troubles, plugins.troubles
    parvis = structs.replace(town.host.jurisdictions.jurisdiction("parvis"), plugins=None)
    jurisdictions = structs.replace(town.host.jurisdictions, by_code={"parvis": parvis})
    host = replace(
        town.host.without(Declarations, TypesInTowns, Bulletin), plugins=plugins, jurisdictions=jurisdictions
    )
    return replace(town, host=host, counter=RequestService(host))


@pytest.fixture
def refused(monkeypatch):
    """Addresses and numbers that channels refuse."""
    found: set[str] = set()
    for channel in (Mailbox, TextMailbox):
        send = channel.send

        async def sending(self, message, send=send):
            if message.to in found:
                raise Refused(f"{message.to} is refused")
            return await send(self, message)

        monkeypatch.setattr(channel, "send", sending)
    return found


def here(town):
    return town.host.jurisdictions.jurisdiction("parvis")


def person(name: str, **more):
    return {"mode": "named", "name": name, "email": f"{name}@exemple.ca"} | more


async def declared(town):
    raw = {"language": "fr", "answers": {"what": "water_main"}, "requester": {"mode": "anonymous"}}
    receipt = await town.counter.submit(town.code, "incident", raw, channel="counter", actor=ANA, declares=True)
    await town.host.of(Bulletin).look(town.host.jurisdictions)
    await attach_due(town.host)
    return await town.record(receipt.reference)


async def said(town, record, words=BOIL, **given):
    word = await announce_word(town.host, record, new_id(), TITLE, words, actor=ANA, **given)
    await Relay(town.host, luck=lambda: 0.0).drain()
    return word


async def became(town, record, word) -> AnnouncementFigures:
    scope = scope_of(town.agent("see"), "parvis", town.host.jurisdictions, "see")
    return (await figures_of(scope, record.id, "America/Toronto")).told[word.id]


async def to_whom(subject: str) -> Counter:
    return Counter(each.to for each in await letters(limit=1000) if subject in each.subject)


async def test_people_count_as_told_once_a_channel_has_delivered_and_not_before(wet, refused):
    for name in ("zoe", "paul"):
        await wet.submit(requester=person(name))
    await wet.submit(requester={"mode": "named", "name": "Harold", "phone": "514 555-0163"})
    record = await declared(wet)
    refused.add("paul@exemple.ca")
    word = await announce_word(wet.host, record, new_id(), TITLE, BOIL, actor=ANA)
    assert await became(wet, record, word) == AnnouncementFigures(on_its_way=3)
    await Relay(wet.host, luck=lambda: 0.0).drain()
    assert await became(wet, record, word) == AnnouncementFigures(
        told=1, to_call=2
    )  # no telephone of Paul: a letter is owed


async def test_a_text_that_is_refused_in_an_emergency_is_a_call_within_hours_with_its_words(wet, refused):
    by_text = {"mode": "named", "name": "Zoé", "phone": "514 555-0101", "preferred_channel": "sms"}
    reference = (await wet.submit(requester=by_text)).reference
    record = await declared(wet)
    refused.add("+15145550101")
    word = await said(wet, record, urgency="emergency")
    assert await became(wet, record, word) == AnnouncementFigures(to_call=1)
    request = await wet.record(reference)
    (call,) = await calls_of(wet.host, request, wet.agent("see", "work", "contacts"))
    assert call.way == "phone"
    assert call.is_emergency
    assert (call.due_at - clock.now()).total_seconds() < 3 * 3600
    assert "bouillir" in call.owed[0].say
    assert "undelivered" in [each.kind for each in await entries_of(request)]
    await mark(wet.host, reference, [each.id for each in call.owed], "told", actor=ANA)
    assert await became(wet, record, word) == AnnouncementFigures(told=1)
    assert await broken_at(await wet.record(reference)) is None


async def test_who_could_not_be_reached_by_anybody_counts_as_failed(wet, refused):
    reference = (await wet.submit(requester={"mode": "named", "name": "Harold", "phone": "514 555-0163"})).reference
    record = await declared(wet)
    word = await said(wet, record)
    rows = await OwedContact.select(OwedContact.id)
    await mark(wet.host, reference, [row["id"] for row in rows], "again", actor=ANA)
    assert await became(wet, record, word) == AnnouncementFigures(to_call=1)
    await mark(wet.host, reference, [row["id"] for row in rows], "unreached", actor=ANA)
    assert await became(wet, record, word) == AnnouncementFigures(failed=1)


async def test_a_message_that_an_operator_puts_aside_counts_as_failed(wet, refused):
    receipt = await wet.submit(requester=person("zoe"))
    await _follows(wet, receipt.reference, "lea@exemple.ca")
    record = await declared(wet)
    refused.add("lea@exemple.ca")
    word = await announce_word(wet.host, record, new_id(), TITLE, BOIL, actor=ANA)
    relay = Relay(wet.host, luck=lambda: 0.0)
    while not (waiting := [each for each in await listing(["waiting"], subscriber="channel:email")]):
        await relay.step()
    for each in waiting:
        await skip(wet.host.engine, each.id, "on ne l’envoie pas")
    await relay.drain()
    assert (await became(wet, record, word)).told + (await became(wet, record, word)).failed == 2
    assert (await became(wet, record, word)).failed >= 1


async def test_a_step_made_in_silence_is_told_all_the_same_to_whom_somebody_has_still_to_call(wet, refused):
    """Otherwise people without a working address would be silenced by a closing message that has not reached them."""
    by_text = {"mode": "named", "name": "Luc", "phone": "514 555-0101", "preferred_channel": "sms"}
    by_call = {"mode": "named", "name": "Harold", "phone": "514 555-0163"}
    people = [person("zoe"), by_text, by_call, person("paul")]
    references = [(await wet.submit(requester=each)).reference for each in people]
    record = await declared(wet)
    refused.update({"+15145550101", "paul@exemple.ca"})
    word = await said(wet, record, closing=True)
    assert await became(wet, record, word) == AnnouncementFigures(told=1, to_call=3)

    async def written() -> RecipientCount:
        records = [await wet.record(each) for each in references]
        return await written_to(wet.host, here(wet), records, word.id)

    assert ((await written()).people, (await written()).spared) == (3, 1)
    request = await wet.record(references[2])
    assert not await is_spared(wet.host, here(wet), request, word.id)
    (call,) = await calls_of(wet.host, request, wet.agent("see", "work", "contacts"))
    await mark(wet.host, references[2], [each.id for each in call.owed], "told", actor=ANA)
    assert ((await written()).people, (await written()).spared) == (2, 2)


async def test_a_step_made_in_silence_is_told_to_whom_an_operator_kept_the_closing_word_from(wet, refused):
    reference = (await wet.submit(requester=person("zoe"))).reference
    record = await declared(wet)
    relay = Relay(wet.host, luck=lambda: 0.0)
    await relay.drain()
    word = await announce_word(wet.host, record, new_id(), TITLE, BOIL, actor=ANA, closing=True)
    while not (waiting := [each for each in await listing(["waiting"], subscriber="channel:email")]):
        await relay.step()
    assert await is_spared(wet.host, here(wet), await wet.record(reference), word.id)
    for each in waiting:
        await skip(wet.host.engine, each.id, "on ne l’envoie pas")
    assert not await is_spared(wet.host, here(wet), await wet.record(reference), word.id)


async def _follows(town, reference: str, email: str) -> str:
    await follow(town.host, reference, email, "fr")
    row = await Follower.select().where(Follower.email == email).first()
    token = token_of(town.host, UUID(str(row["id"])))
    await confirm(town.host, token)
    return token


async def test_a_correction_reaches_everybody_who_heard_the_error_and_whoever_joined_since(wet, refused):
    taken, closed, silent, plain = [
        (await wet.submit(requester=person(name))).reference for name in ("taken", "closed", "silent", "plain")
    ]
    token = await _follows(wet, plain, "suit@exemple.ca")
    record = await declared(wet)
    await said(wet, record)
    assert await to_whom(TITLE.fr) == {
        f"{name}@exemple.ca": 1 for name in ("taken", "closed", "silent", "plain", "suit")
    }
    assert await take_out(wet.host, record, taken, actor=ANA)
    await make_move(wet.host, closed, "resolve", {}, actor=ANA, mover="agent")
    async with transaction(wet.host.engine):
        await stop_messages((await wet.record(silent)).id)
    await stop(wet.host, token)
    await wet.submit(requester=person("late"))
    await Relay(wet.host).drain()
    assert (await audience(wet.host, here(wet), record.id, "correction")).people == 6
    assert (await audience(wet.host, here(wet), record.id, "all")).people == 4
    assert (await audience(wet.host, here(wet), record.id, "now")).people == 2
    word = await said(wet, record, FIXED, reach="correction")
    assert await to_whom(f"Correction\u00a0: {TITLE.fr}") == {
        f"{name}@exemple.ca": 1 for name in ("taken", "closed", "silent", "plain", "suit", "late")
    }
    assert await became(wet, record, word) == AnnouncementFigures(told=6)


async def test_nobody_is_told_again_while_keys_are_exchanged(wet, refused):
    old, new = "the key that signs until this morning", "the key that signs from this morning on"
    zoe = await wet.record((await wet.submit(requester=person("zoe"))).reference)
    record = await declared(wet)
    await said(replace(wet, host=replace(wet.host, secret=SecretKeys.of(old, ()))), record)
    for signs in (old, new):
        host = replace(wet.host, secret=SecretKeys.of(signs, (new, old)))
        async with transaction(host.engine):
            await tell_latest(host, here(wet), record, zoe.id, clock.now())
        await Relay(host).drain()
        assert await told_to(host, zoe.id, Requester(email="zoe@exemple.ca"))
    assert await to_whom(TITLE.fr) == {"zoe@exemple.ca": 1}


async def test_a_second_message_reaches_whoever_heard_the_first_unless_somebody_leaves_them_out(wet, refused):
    closed, plain = [(await wet.submit(requester=person(name))).reference for name in ("closed", "plain")]
    record = await declared(wet)
    await said(wet, record)
    await make_move(wet.host, closed, "resolve", {}, actor=ANA, mover="agent")
    assert await became(wet, record, await said(wet, record, FIXED)) == AnnouncementFigures(told=2)
    assert await became(wet, record, await said(wet, record, BOIL, reach="now")) == AnnouncementFigures(told=1)
    assert plain


async def test_the_history_of_a_request_says_what_its_person_was_told_and_by_which_way(wet, refused):
    reference = (await wet.submit(requester=person("zoe"))).reference
    record = await declared(wet)
    await said(wet, record)
    request = await wet.record(reference)
    (line,) = [each for each in await entries_of(request) if each.kind == "told"]
    assert (line.body["way"], line.body["incident"]) == ("email", record.reference)
    told = [each.title for each in await story(wet.host, request, HOLDER, "fr")]
    assert any("remis par courriel" in each for each in told)
    assert await broken_at(request) is None


async def test_the_ledger_names_each_person_to_who_may_know_them_and_nobody_once_they_are_erased(wet, refused):
    reference = (await wet.submit(requester=person("zoe"))).reference
    await _follows(wet, reference, "lea@exemple.ca")
    record = await declared(wet)
    await said(wet, record)
    clerk = wet.agent("see", "contacts")
    found = await ledger_of(wet.host, clerk, here(wet), record.id)
    assert {(each.person, each.address, each.follows, each.state) for each in found} == {
        ("zoe", "zoe@exemple.ca", False, "told"),
        ("", "lea@exemple.ca", True, "told"),
    }
    assert await ledger_of(wet.host, clerk, here(wet), record.id, state="failed") == ()
    assert len(await ledger_of(wet.host, clerk, here(wet), record.id, number=1, state="told")) == 2
    await erase(wet.host, reference, actor=ANA)
    assert await ledger_of(wet.host, clerk, here(wet), record.id) == ()
    assert await IncidentTold.count() == 2


async def test_who_changed_their_address_hears_the_correction_at_the_new_one(wet, refused):
    reference = (await wet.submit(requester=person("zoe"))).reference
    record = await declared(wet)
    await said(wet, record)
    async with transaction(wet.host.engine):
        await replace_contact((await wet.record(reference)).id, Requester(name="zoe", email="zoe@nouveau.exemple.ca"))
    await said(wet, record, FIXED, reach="correction")
    assert await to_whom("Correction") == {"zoe@nouveau.exemple.ca": 1}


async def test_a_mail_that_comes_back_after_it_was_taken_is_told_by_the_next_way_with_the_words(wet, refused):
    reference = (await wet.submit(requester=person("zoe", phone="514 555-0101"))).reference
    record = await declared(wet)
    word = await said(wet, record, urgency="emergency")
    (row,) = await IncidentTold.select()
    for _ in range(2):  # its report comes twice
        async with transaction(wet.host.engine):
            await returned_within(
                wet.host,
                reference,
                to="zoe@exemple.ca",
                of_the_address=True,
                status="5.1.1",
                said="550 no such user",
                messages=[row["carrier"]],
            )
    await Relay(wet.host, luck=lambda: 0.0).drain()
    (text,) = [each for each in await letters() if each.channel == "sms"]
    assert "bouillir" in text.text
    (after,) = await IncidentTold.select()
    assert (after["way"], after["state"]) == ("sms", "told")
    assert await became(wet, record, word) == AnnouncementFigures(told=1)
    assert [each.kind for each in await entries_of(await wet.record(reference))].count("returned") == 1


async def test_an_emergency_that_a_channel_has_not_delivered_within_the_hour_is_a_call(wet, monkeypatch):
    async def away(self, message):
        raise Later("it is away")

    monkeypatch.setattr(TextMailbox, "send", away)
    by_text = {"mode": "named", "name": "Zoé", "phone": "514 555-0101", "preferred_channel": "sms"}
    await wet.submit(requester=by_text)
    await wet.submit(requester=person("lea"))  # mail is all there is of her
    monkeypatch.setattr(Mailbox, "send", away)
    record = await declared(wet)
    with clock.moved_to(clock.now()) as moved:
        word = await said(wet, record, urgency="emergency")
        assert await pass_on_emergencies(wet.host) == 0
        moved.forward(minutes=61)
        assert await pass_on_emergencies(wet.host) == 1
        assert await pass_on_emergencies(wet.host) == 0
        assert await became(wet, record, word) == AnnouncementFigures(on_its_way=1, to_call=1)


async def test_who_has_but_a_telephone_and_wants_no_messages_since_is_called_about_a_correction(wet, refused):
    harold = (await wet.submit(requester={"mode": "named", "name": "Harold", "phone": "514 555-0163"})).reference
    zoe = (await wet.submit(requester=person("zoe", phone="514 555-0101"))).reference
    record = await declared(wet)
    await said(wet, record)
    refused |= {"zoe@exemple.ca", "+15145550101"}
    async with transaction(wet.host.engine):
        for each in (harold, zoe):
            await stop_messages((await wet.record(each)).id)
    clerk = wet.agent("see", "intake", "work")
    assert (await calls_for(wet.host, clerk, here(wet))).total == 0
    word = await said(wet, record, FIXED, reach="correction")
    found = await calls_for(wet.host, clerk, here(wet))
    assert {call.record.reference for call in found.calls} == {harold, zoe}
    assert {FIXED.fr in owed.say for call in found.calls for owed in call.owed} == {True}
    assert await became(wet, record, word) == AnnouncementFigures(to_call=2)
