"""Followers come and go by their link; personal data goes when its time has come, and history stays whole."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs
from piccolo.apps.migrations.tables import Migration

from parvis import clock
from parvis.db import NotUnique, transaction
from parvis.db.every_table import TABLES
from parvis.db.migrating import APP
from parvis.db.tables import Contact, Delivery, Entry, ServiceRequest
from parvis.identifiers import new_id
from parvis.outbox import deliveries
from parvis.requests.actors import Actor
from parvis.requests.amendments import change_contact
from parvis.requests.attached.attachments import content_of, kept_of, waiting
from parvis.requests.attached.dropping import discard, drop_strays
from parvis.requests.attached.receiving import receive_file
from parvis.requests.chores import sweep
from parvis.requests.declarations import type_of_record
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import due_for_destruction, erase
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.nearby import similar_open
from parvis.requests.persons.followers import confirm, count_followers, follow, followers_of, stop
from parvis.requests.visibility import HOLDER, present
from parvis.requests.work.conversation import note, receive
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.file_stores import FilesAway, part_of
from parvis_sdk.requests import Requester
from parvis_testing.town import erase_due

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


async def test_a_follower_confirms_by_link_and_stops_by_link(town):
    reference = (await town.submit()).reference
    await follow(town.host, reference, "voisin@exemple.ca", "fr")
    record = await town.record(reference)
    (asked,) = await followers_of(town.host, record)
    token = asked.confirm_url.rsplit("/", 1)[-1]
    assert await count_followers(record) == 0
    await confirm(town.host, token)
    assert await count_followers(record) == 1
    assert (await followers_of(town.host, record))[0].confirm_url == ""
    await stop(town.host, token)
    assert await followers_of(town.host, record) == ()


async def test_a_forged_follower_link_does_nothing(town):
    reference = (await town.submit()).reference
    await follow(town.host, reference, "voisin@exemple.ca", "fr")
    (asked,) = await followers_of(town.host, await town.record(reference))
    token = asked.confirm_url.rsplit("/", 1)[-1]
    for forged in (token[:-1] + ("0" if token[-1] != "0" else "1"), "x", token.partition(".")[0] + ".", "é.é"):
        assert await confirm(town.host, forged) is None


async def test_asking_to_follow_twice_is_asking_once(town):
    reference = (await town.submit()).reference
    await follow(town.host, reference, "voisin@exemple.ca", "fr")
    await follow(town.host, reference, "Voisin@exemple.ca", "en")
    assert len(await followers_of(town.host, await town.record(reference))) == 1


async def test_similar_open_requests_nearby_are_shown_nearest_first(town):
    near = (await town.submit(place={"lon": -73.58071, "lat": 45.52362})).reference
    nearest = (await town.submit(place={"lon": -73.58070, "lat": 45.52360})).reference
    await town.submit(place={"lon": -73.5900, "lat": 45.5236})
    closed = (await town.submit(place={"lon": -73.58070, "lat": 45.52360})).reference
    await make_move(town.host, closed, "resolve", {}, actor=ANA, mover="agent")
    request_type = await type_of_record(town.host, await town.record(near))
    jurisdiction = town.host.jurisdictions.jurisdiction("parvis")
    found = await similar_open(town.host, jurisdiction, request_type, -73.5807, 45.5236)
    assert [each.reference for each in found] == [nearest, near]
    assert found[0].metres == 0


@pytest.mark.parametrize(("type", "days", "kept"), [("hole", 366, {"danger": False}), ("quarrel", 91, {})])
async def test_when_its_time_has_come_what_is_personal_goes(town, plan, type, days, kept):
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        photo = await receive_file(town.host, "h", "photos", "plan.pdf", plan)
        reference = (await town.submit(type)).reference
        await receive(town.host, reference, "Mon numéro : 514 555-0199", files=[photo.id], holder="h")
        await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
        time.forward(days=days)
        assert [line.reference for line in await due_for_destruction(town.host)] == [reference]
        before = [entry.hash for entry in await entries_of(await town.record(reference))]
        assert await erase_due(town.host) == (reference,)
        assert await erase_due(town.host) == ()
    record = await town.record(reference)
    assert record.answers == kept
    assert await Contact.count() == 0
    assert await Entry.count().where(Entry.personal.is_not_null()) == 0
    assert await kept_of(record) == ()
    assert [entry.hash for entry in await entries_of(record)][:-1] == before
    assert await broken_at(record) is None
    assert record.erased_at
    with pytest.raises(FileNotFoundError):
        town.host.files.open(photo.digest)
    shown = present(town.host, record, await type_of_record(town.host, record), HOLDER)
    assert shown.erased
    assert shown.moves == ()


async def closed_long_ago(town, type="hole", **given):
    """A request closed a year and a day ago, as the clock of the test stands."""
    reference = (await town.submit(type, **given)).reference
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    return reference


async def everything_kept(town):
    """Every word in every table, and every file."""
    rows = [str(row) for table in TABLES for row in await table.select()]
    files = [file.read_bytes() for file in town.host.files.folder.rglob("*") if file.is_file()]
    return "\n".join(rows), files


SECRETS = (
    "Côté",
    "cote",
    "zoe@exemple.ca",
    "+15145550101",
    "cheville",
    "Léo",
    "1234, rue Rachel",
    "Parlez-en",
    "voisine",
    "Val-des-Monts",
)


@pytest.mark.parametrize("type", ["hole", "quarrel"])
async def test_nothing_of_a_person_is_left_anywhere_once_it_is_destroyed(town, type, picture):
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        photo = await receive_file(town.host, "h", "photos", "maison.jpg", picture)
        answers = {"danger": True, "witness": "Léo Roy", "health": "cheville", "words": "Parlez-en à Zoé Côté"}
        more = {"answers": answers | {"photos": [photo.id]}, "holder": "h"} if type == "hole" else {}
        reference = await closed_long_ago(town, type, idempotency_key="draft", **more)
        record = await town.record(reference)
        message = OutgoingMessage(to="zoe@exemple.ca", subject="Zoé Côté", text="Parlez-en", language="fr")
        async with transaction(town.host.engine):
            await deliveries.write_message(message, request=record.id, reference=reference)
            await Delivery.update({Delivery.trouble: "550 zoe@exemple.ca"}).where(Delivery.request == record.id)
            await Delivery.update({Delivery.state: "dead"}).where(Delivery.subscriber == "channel:email")
        await follow(town.host, reference, "voisine@exemple.ca", "fr")
        await note(town.host, reference, "Appeler Zoé Côté", actor=ANA)
        person = Requester(name="Zoé Côté", email="zoe@exemple.ca", postal_address="C. P. 5\nVal-des-Monts")
        for each in (person, structs.replace(person, postal_address="R. R. 2\nVal-des-Monts")):
            await change_contact(town.host, reference, each, "fr")
        assert "Val-des-Monts" in (await everything_kept(town))[0]
        time.forward(days=366)
        await erase_due(town.host)
        await sweep(town.host)
    kept, files = await everything_kept(town)
    left = [secret for secret in SECRETS if secret in kept and (secret != "1234, rue Rachel" or type == "quarrel")]
    assert left == []
    assert files == []
    assert await broken_at(await town.record(reference)) is None


async def test_the_words_of_a_step_go_from_the_outbox_too(town):
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        reference = (await town.submit()).reference
        for step, given in (("start", {}), ("ask", {"reason": "Zoé Côté ?"}), ("give_up", {})):
            mover = "system" if step == "give_up" else "agent"
            await make_move(town.host, reference, step, given, actor=ANA, mover=mover)
        assert "Zoé" in str(await Delivery.select(Delivery.event))
        time.forward(days=366)
        await erase_due(town.host)
    assert "Zoé" not in str(await Delivery.select(Delivery.event))
    assert "give_up" in str(await Delivery.select(Delivery.event))


async def test_a_request_taken_up_again_is_not_destroyed(town):
    """A listed request is judged once more, under lock, before it is destroyed."""
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        reference = await closed_long_ago(town)
        assert await erase(town.host, reference, actor=ANA, only="due") is None  # not yet
        time.forward(days=366)
        assert [line.reference for line in await due_for_destruction(town.host)] == [reference]
        await make_move(town.host, reference, "reopen", {}, actor=ANA, mover="manager")
        assert await erase(town.host, reference, actor=ANA, only="due") is None
    assert (await town.record(reference)).erased_at is None


async def test_a_place_told_only_roughly_stays_rough_when_its_request_is_destroyed(town_of, hole):
    town = town_of(structs.replace(hole, place=structs.replace(hole.place, precision=200)))
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        reference = await closed_long_ago(town)
        time.forward(days=366)
        await erase_due(town.host)
    record = await town.record(reference)
    assert (record.address, record.place.address) == ("", "")
    assert (record.lon, record.lat) == (record.place.lon, record.place.lat) != (-73.5807, 45.5236)


async def test_a_request_of_a_town_that_left_holds_nobody_up(town, jurisdictions):
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        left, here = await closed_long_ago(town), await closed_long_ago(town)
        async with transaction(town.host.engine):
            await ServiceRequest.update({ServiceRequest.jurisdiction: "gone"}).where(ServiceRequest.reference == left)
        time.forward(days=366)
        assert await erase_due(town.host) == (here,)


async def test_a_content_that_two_requests_hold_stays_until_the_second_goes(town, picture):
    with clock.moved_to(datetime(2026, 1, 5, 15, tzinfo=UTC)) as time:
        references = []
        for holder in ("a", "b"):
            photo = await receive_file(town.host, holder, "photos", f"{holder}.jpg", picture)
            given = {"answers": {"danger": False, "photos": [photo.id]}, "holder": holder}
            references.append(await closed_long_ago(town, **given))
            time.forward(days=10)
        time.forward(days=350)
        assert await erase_due(town.host) == (references[0],)
        (kept,) = await kept_of(await town.record(references[1]))
        (await content_of(town.host, kept)).close()
        time.forward(days=10)
        await erase_due(town.host)
        with pytest.raises(FileNotFoundError):
            await content_of(town.host, kept)


async def test_a_content_that_somebody_sends_while_it_is_dropped_is_there(town, picture):
    first = await receive_file(town.host, "a", "photos", "a.jpg", picture)
    set_aside, sent = town.host.files.set_aside, []

    def while_somebody_sends(digest):
        set_aside(digest)
        sent.append(asyncio.run_coroutine_threadsafe(receive_file(town.host, "b", "photos", "b.jpg", picture), loop))
        sent[0].result(10)

    loop = asyncio.get_running_loop()
    town.host.files.set_aside = while_somebody_sends
    await discard(town.host, "a", first.id)
    (kept,) = (await waiting("b")).values()
    with town.host.files.open(kept.digest) as file:
        assert file.read()


async def test_a_file_taken_back_leaves_no_content(town, picture):
    photo = await receive_file(town.host, "a", "photos", "a.jpg", picture)
    await discard(town.host, "a", photo.id)
    assert [file for file in town.host.files.folder.rglob("*") if file.is_file()] == []


async def test_contents_that_no_row_knows_are_swept_away_and_others_are_not(town, picture):
    known = await receive_file(town.host, "a", "photos", "a.jpg", picture)
    stray = town.host.files.keep(b"nobody knows me")
    part = int(stray[:2], 16)
    now = clock.now() + timedelta(days=2)
    turn = datetime.fromtimestamp((int(now.timestamp() // 3600 // 256 + 1) * 256 + part) * 3600, UTC)
    later = Migration(name="9999-12-31T23:59:59:000000", app_name=APP)
    with clock.moved_to(turn):
        async with transaction(town.host.engine):
            await Migration.insert(later)
        assert await drop_strays(town.host, clock.now() - timedelta(days=1)) == 0, "of a later version it may be known"
        async with transaction(town.host.engine):
            await Migration.delete().where(Migration.name == later.name)
        for _ in range(2):
            await drop_strays(town.host, clock.now() - timedelta(days=1))
    with pytest.raises(FileNotFoundError):
        town.host.files.open(stray)
    town.host.files.open(known.digest).close()


async def test_only_an_erasure_takes_words_away_without_being_noticed(town):
    reference = (await town.submit()).reference
    record = await note(town.host, reference, "Garantie", actor=ANA)
    async with transaction(town.host.engine):
        await Entry.update({Entry.personal: None}).where(Entry.number == 2)
    assert await broken_at(record) == 2


async def test_a_history_that_grows_while_it_is_checked_is_whole(town):
    reference = (await town.submit()).reference
    record = await town.record(reference)
    await note(town.host, reference, "Pendant ce temps", actor=ANA)
    assert await broken_at(record) is None


async def test_an_entry_added_behind_our_back_is_found_and_a_second_of_its_number_refused(town):
    reference = (await town.submit()).reference
    record = await note(town.host, reference, "Garantie", actor=ANA)
    row = (await Entry.select().where(Entry.number == 2))[0]
    for number, refused in ((3, False), (2, True)):
        try:
            async with transaction(town.host.engine):
                await Entry.insert(Entry(**row | {"id": new_id(), "number": number, "previous_hash": row["hash"]}))
        except NotUnique:
            assert refused
    assert await broken_at(record) == 3


async def test_the_hash_of_the_entry_before_is_written_once_and_where_it_was_written_twice_it_is_compared(town):
    reference = (await town.submit()).reference
    for words in ("Un", "Deux"):
        record = await note(town.host, reference, words, actor=ANA)
    rows = await Entry.select().order_by(Entry.number)
    assert [row["previous_hash"] for row in rows] == ["", "", ""]
    seen = [entry.previous_hash for entry in await entries_of(record)]
    assert seen == ["0" * 64, rows[0]["hash"], rows[1]["hash"]]
    async with town.host.engine.transaction():
        await Entry.update({Entry.previous_hash: rows[0]["hash"]}).where(Entry.number == 2)  # as versions before did
    assert await broken_at(record) is None
    async with town.host.engine.transaction():
        await Entry.update({Entry.previous_hash: rows[1]["hash"]}).where(Entry.number == 2)
    assert await broken_at(record) == 2
    async with town.host.engine.transaction():
        await Entry.update({Entry.previous_hash: ""}).where(Entry.number == 2)
        await Entry.update({Entry.hash: "f" * 64}).where(Entry.number == 1)
    assert await broken_at(record) == 1


async def test_an_entry_altered_behind_our_back_is_found(town):
    reference = (await town.submit()).reference
    record = await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    async with town.host.engine.transaction():
        await Entry.update({Entry.body: '{"transition":"resolve"}'}).where(Entry.number == 2)
    assert await broken_at(record) == 2
    async with town.host.engine.transaction():
        await Entry.delete().where(Entry.number == 2)
    assert await broken_at(record) == 2


async def test_whoever_takes_a_file_back_is_done_with_it_while_the_store_is_away(town, picture, monkeypatch):
    """Before, it was taken back and answered with a page that says that files cannot be received."""
    photo = await receive_file(town.host, "a", "photos", "a.jpg", picture)

    def away(digest):
        raise FilesAway("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(town.host.files, "set_aside", away)
        await discard(town.host, "a", photo.id)
    assert await waiting("a") == {}
    strays = town.host.files.kept_before(part_of(photo.digest), clock.now() + timedelta(minutes=1))
    assert strays == [photo.digest]
