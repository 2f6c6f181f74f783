"""News of another system takes effect once, whatever its order; what cannot be placed waits for a person."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec import structs

from parvis.outbox import listing, memory
from parvis.requests.attached.attachments import content_of, kept_of
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis_connectors.tables import UnmatchedUpdate
from parvis_connectors.unmatched_updates import count_open, drop, match, strays, take
from parvis_sdk.subscriptions import SentFile
from parvis_sdk.text import Text
from parvis_testing.town import ANA

NOON = datetime(2026, 6, 15, 16, tzinfo=UTC)
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
async def begun(make_town, connector):
    """A town, and a request that the other system knows as WO-1."""
    town = make_town(connector())
    reference = (await town.submit()).reference
    await town.relay().drain()
    return town, reference


async def notes_of(town, reference):
    entries = await entries_of(await town.record(reference))
    return [entry.personal["note"]["fr"] for entry in entries if entry.kind == "external" and entry.personal]


async def test_news_by_their_number_is_noted_and_moves(begun, news):
    town, reference = begun
    update = news("1", external_reference="WO-1", move="start")
    assert await take(town.host, town.connector(), update) == "taken"
    record = await town.record(reference)
    assert record.state == "working"
    assert await notes_of(town, reference) == ["Nouvelle 1"]
    assert await broken_at(record) is None


async def test_the_same_news_again_is_nothing(begun, news):
    town, reference = begun
    update = news("1", external_reference="WO-1", move="start")
    arrivals = await asyncio.gather(*(take(town.host, town.connector(), update) for _ in range(4)))
    assert sorted(arrivals) == ["repeated", "repeated", "repeated", "taken"]
    assert await notes_of(town, reference) == ["Nouvelle 1"]


async def test_news_that_is_older_than_what_was_taken_in_is_noted_and_moves_nothing(begun, news):
    town, reference = begun
    done = news("done", external_reference="WO-1", move="resolve", at=NOON)
    begun_before = news("begun", external_reference="WO-1", move="reopen", at=NOON - timedelta(hours=1))
    assert await take(town.host, town.connector(), done) == "taken"
    assert await take(town.host, town.connector(), begun_before) == "late"
    assert (await town.record(reference)).state == "done"
    assert await notes_of(town, reference) == ["Nouvelle done", "Nouvelle begun"]


async def test_of_news_that_is_late_nothing_is_remembered(begun, news):
    town, reference = begun
    open_ = news("open", external_reference="WO-1", at=NOON, remember={"state": "open"})
    closed_before = news("old", external_reference="WO-1", at=NOON - timedelta(hours=1), remember={"state": "closed"})
    assert await take(town.host, town.connector(), open_) == "taken"
    assert await take(town.host, town.connector(), closed_before) == "late"
    assert await memory.recall("orders", "state", reference=reference) == "open"


async def test_a_move_of_a_closed_request_is_noted_with_the_reason(begun, news):
    town, reference = begun
    await take(town.host, town.connector(), news("1", external_reference="WO-1", move="resolve", at=NOON))
    later = news("2", external_reference="WO-1", move="start", at=NOON + timedelta(minutes=1))
    assert await take(town.host, town.connector(), later) == "taken"
    assert (await town.record(reference)).state == "done"
    assert "qui n’a pas eu lieu" in (await notes_of(town, reference))[-1]


async def test_what_nobody_knows_waits_until_somebody_says_what_it_is_about(begun, news):
    town, reference = begun
    unknown = news("7", external_reference="WO-77", move="start")
    assert await take(town.host, town.connector(), unknown) == "unknown"
    assert await take(town.host, town.connector(), unknown) == "unknown"
    assert await count_open() == {"orders": 1}
    [stray] = await strays()
    assert (stray.reason, stray.times, stray.external_reference) == ("unknown", 2, "WO-77")
    assert await match(town.host, stray.id, "7K3M-9QXT-4", "Ana") == "unknown"
    assert await match(town.host, stray.id, reference, "Ana") == "taken"
    assert (await town.record(reference)).state == "working"
    [settled] = await strays("matched")
    assert (settled.reference, settled.settled_by) == (reference, "Ana")
    assert await match(town.host, stray.id, reference, "Ana") is None
    again = news("8", external_reference="WO-77", move="resolve")
    assert await take(town.host, town.connector(), again) == "taken"  # their number is known from now on


async def test_a_stray_that_concerns_nobody_is_dropped_with_a_reason(begun, news):
    town, _ = begun
    await take(town.host, town.connector(), news("7", external_reference="WO-77"))
    [stray] = await strays()
    assert await drop(town.host, stray.id, "Ana", "un essai de la Ville")
    assert not await drop(town.host, stray.id, "Ana", "encore")
    [dropped] = await strays("dropped")
    assert (dropped.said, dropped.settled_by) == ("un essai de la Ville", "Ana")
    assert await count_open() == {}


async def test_another_requests_order_is_not_stored_as_ours_and_waits_for_a_person(begun, news, other):
    town, first = begun
    other.answer = lambda asked: (200, {"number": "WO-1"})
    second = (await town.submit()).reference
    await town.relay().drain()
    assert (await town.record(second)).external_references == {}
    assert await notes_of(town, second) == []
    [parked] = await listing(["dead"])
    assert (parked.reference, parked.trouble.what.en) == (
        second,
        f"its answer is about something other than {second}: WO-1 · {first}; nothing of it was kept",
    )
    assert await take(town.host, town.connector(), news("1", external_reference="WO-1", move="start")) == "taken"
    assert [(await town.record(each)).state for each in (first, second)] == ["working", "received"]


async def test_two_answers_with_one_number_at_the_same_moment_leave_it_to_one_request(make_town, connector, other):
    town = make_town(connector())
    both = [(await town.submit()).reference for _ in range(2)]
    other.answer = lambda asked: (200, {"number": "WO-1"})
    await town.relay().drain()
    assert sorted([(await town.record(each)).external_references.get("orders", "") for each in both]) == ["", "WO-1"]
    assert len(await listing(["dead"])) == 1


async def test_news_of_our_request_under_another_requests_number_writes_nothing_until_a_person_says_whose(begun, news):
    town, first = begun
    second = (await town.submit()).reference
    await town.relay().drain()
    strange = news("1", reference=second, external_reference="WO-1", move="start", remember={"held": "WO-1"})
    assert await take(town.host, town.connector(), strange) == "foreign"
    assert [(await town.record(each)).state for each in (first, second)] == ["received", "received"]
    assert (await town.record(second)).external_references == {"orders": "WO-2"}
    assert await memory.recall_all("orders", reference=second) == {}
    [stray] = await strays()
    assert (stray.reason, stray.external_reference, stray.update.reference) == ("foreign", "WO-1", second)
    assert await match(town.host, stray.id, second, "Ana") == "taken"
    assert (await town.record(second)).state == "working"


async def test_news_of_a_town_without_the_plugin_is_kept_apart(begun, news):
    town, reference = begun
    here = structs.replace(town.host.jurisdictions.jurisdiction("parvis"), plugins=("other",))
    without = structs.replace(town.host.jurisdictions, by_code={**town.host.jurisdictions.by_code, "parvis": here})
    host = dataclasses.replace(town.host, jurisdictions=without)
    assert await take(host, town.connector(), news("1", reference=reference)) == "elsewhere"
    assert [stray.reason for stray in await strays()] == ["elsewhere"]


async def test_news_of_an_erased_request_is_dropped_without_its_words(begun, news):
    town, reference = begun
    await erase(town.host, reference, actor=ANA)
    about = news("1", external_reference="WO-1", note=Text(fr="Zoé Côté a rappelé"), files=(file("z.png"),))
    assert await take(town.host, town.connector(), about) == "erased"
    assert await strays() == ()
    row = await UnmatchedUpdate.select().first()
    assert (row["reason"], row["state"]) == ("erased", "dropped")
    assert "Zoé" not in row["body"]


def file(name, content=PICTURE):
    return SentFile(name=name, content=content)


async def test_photos_of_the_crew_are_kept_with_the_request_for_the_desk(begun, news):
    town, reference = begun
    update = news("1", external_reference="WO-1", files=(file("preuve.png"), file("virus.exe", b"MZ\x90\x00")))
    assert await take(town.host, town.connector(), update) == "taken"
    assert await take(town.host, town.connector(), update) == "repeated"
    [kept] = await kept_of(await town.record(reference))
    assert (kept.attachment.kind, kept.audience) == ("image/png", "internal")
    with await content_of(town.host, kept) as opened:
        assert opened.read(8) == PICTURE[:8]
    [note] = await notes_of(town, reference)
    assert "virus.exe" in note
    assert "refusé" in note


async def test_what_it_asks_to_keep_is_kept_in_the_same_transaction(begun, news, connector):
    town, reference = begun
    await take(town.host, town.connector(), news("1", external_reference="WO-1", remember={"etag": "W/7"}))
    from parvis.requests.payloads import request_for

    request = await request_for(town.host, await town.record(reference), (), remembered_by="orders")
    assert request.remembered == {"etag": "W/7"}


async def test_a_stray_survives_any_words(begun, news):
    town, _ = begun
    odd = news("é’☃" * 300, external_reference='a"b\\c%_', note=Text(fr="«\u00a0☃\u00a0»"))
    assert await take(town.host, town.connector(), odd) == "unknown"
    [stray] = await strays()
    assert stray.update.note == odd.note
    assert msgspec.json.encode(stray.update)
