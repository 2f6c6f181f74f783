"""News about a merged request is read on the request that goes on, by viewers who may see both."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis.requests.amendments import assign
from parvis.requests.attached.attachments import kept_of
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, PUBLIC
from parvis_connectors.unmatched_updates import take
from parvis_merging.merging import part
from parvis_sdk.subscriptions import SentFile
from parvis_sdk.text import Text
from parvis_testing.street import EVERYWHERE, an_agent
from parvis_testing.town import ANA

from ..merging_street import MergingStreet

NOON = datetime(2026, 6, 15, 16, tzinfo=UTC)
PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)
WHAT = "Nouvelles de «\u00a0orders\u00a0» sur une requête jointe"


@pytest.fixture
async def merged(make_town, connector):
    """A town, a request that the other system knows as WO-1, and the one with which it goes on."""
    town = make_town(connector())
    street = MergingStreet(town)
    one = await street.report("Zoe")
    await town.relay().drain()
    other = await street.report("Luc")
    await street.merge(one, other)
    return town, one, other


async def lines(town, record, viewer, language="fr"):
    told = await story(town.host, await town.record(record.reference), viewer, language)
    return [line for line in told if line.kind == "news_along"]


async def test_it_is_noted_once_where_the_work_goes_on_with_the_number_that_it_is_about(merged, news):
    town, one, other = merged
    update = news("1", external_reference="WO-1")
    await asyncio.gather(*(take(town.host, town.connector(), update) for _ in range(3)))
    (line,) = await lines(town, other, EVERYWHERE)
    assert (line.title, line.words) == (WHAT, f"{one.reference}\u00a0: Nouvelle 1")
    (line,) = await lines(town, other, EVERYWHERE, "en")
    assert line.words.startswith(f"{one.reference}: ")
    assert [each.kind for each in await entries_of(await town.record(one.reference))][-1] == "external"
    assert [*await lines(town, other, HOLDER), *await lines(town, other, PUBLIC)] == []
    for record in (one, other):
        assert await broken_at(await town.record(record.reference)) is None


async def test_who_may_not_see_what_was_merged_reads_neither_its_number_nor_its_news(merged, news):
    town, one, other = merged
    await assign(town.host, one.reference, unit="roads", actor=ANA)
    await assign(town.host, other.reference, unit="parks", actor=ANA)
    await take(town.host, town.connector(), news("1", external_reference="WO-1"))
    (line,) = await lines(town, other, an_agent("parks"))
    assert (line.title, line.words) == (WHAT, "")
    assert one.reference not in str(line)
    (line,) = await lines(town, other, EVERYWHERE)
    assert "Nouvelle 1" in line.words


async def test_its_words_are_destroyed_with_the_request_that_they_are_about(merged, news):
    town, one, other = merged
    await take(town.host, town.connector(), news("1", external_reference="WO-1", note=Text(fr="Zoé a rappelé")))
    await erase(town.host, one.reference, actor=ANA)
    (line,) = await lines(town, other, EVERYWHERE)
    assert line.words == f"{one.reference}\u00a0: (détruit)"


async def test_a_step_that_the_other_system_asked_for_moves_neither_and_is_read_on_both(merged, news):
    town, one, other = merged
    begun = news("1", external_reference="WO-1", move="start", at=NOON)
    await take(town.host, town.connector(), begun)
    done = structs.replace(news("2", external_reference="WO-1", move="resolve", at=NOON + timedelta(1)), note=None)
    await take(town.host, town.connector(), done)
    assert [(await town.record(each.reference)).state for each in (one, other)] == ["received", "received"]
    first, second = await lines(town, other, EVERYWHERE)
    assert first.words.endswith("Nouvelle 1")
    assert "qui n’a pas eu lieu" in second.words


async def test_it_is_noted_on_the_last_of_several_and_no_more_once_taken_apart(merged, news):
    town, one, other = merged
    street = MergingStreet(town)
    last = await street.report("Eva")
    await street.merge(other, last)
    await take(town.host, town.connector(), news("1", external_reference="WO-1"))
    assert await lines(town, other, EVERYWHERE) == []
    assert len(await lines(town, last, EVERYWHERE)) == 1
    await part(town.host, EVERYWHERE, one.reference, actor=ANA)
    await take(town.host, town.connector(), news("2", external_reference="WO-1"))
    assert len(await lines(town, last, EVERYWHERE)) == 1


async def test_a_photo_without_words_is_told_of_and_stays_with_what_it_is_of(merged, news):
    town, one, other = merged
    photo = SentFile(name="trou.png", content=PICTURE)
    await take(town.host, town.connector(), news("1", external_reference="WO-1", note=None, files=(photo,)))
    (line,) = await lines(town, other, EVERYWHERE)
    assert line.words == one.reference
    assert [each.attachment.name for each in await kept_of(await town.record(one.reference))] == ["trou.png"]


async def test_nobody_is_written_to_about_it(merged, news):
    town, _, other = merged

    async def taking():
        await take(town.host, town.connector(), news("1", external_reference="WO-1"))
        return await town.record(other.reference)

    assert await MergingStreet(town).told(taking()) == []
    assert (await town.record(other.reference)).first_answer_at is None
