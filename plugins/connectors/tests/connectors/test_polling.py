"""Polls read on from where they were, one worker at a time; a system that is away is asked less and less often."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import counted
from parvis.requests.history import entries_of
from parvis.worker.chores import run_chores
from parvis_connectors import polling
from parvis_connectors.exchanges import exchanges_of
from parvis_connectors.polling import poll_for_news, poll_if_due, poll_now, poll_soon, poll_until, readings
from parvis_connectors.unmatched_updates import count_open
from parvis_sdk.connectors import News
from parvis_sdk.errors import Later
from parvis_sdk.subscriptions import MOST_REMEMBERED, Update
from parvis_sdk.text import Text


@pytest.fixture
async def begun(make_town, connector):
    """Makes a town whose connector has these `changes`, and a request known there as WO-1."""

    async def make(changes, **given):
        town = make_town(connector(changes=changes, **given))
        reference = (await town.submit()).reference
        await town.relay().drain()
        return town, reference

    return make


async def reading(town):
    return (await readings())["orders"]


async def test_news_is_taken_in_page_by_page_and_read_on_from_there(begun, telling, news):
    pages = [[news("1", external_reference="WO-1", move="start")], [news("2", external_reference="WO-1")]]
    town, reference = await begun(telling(*pages))
    assert await poll_if_due(town.host, town.connector(), "w") == 2
    assert (await town.record(reference)).state == "working"
    assert (await reading(town)).cursor == "2"
    assert await poll_if_due(town.host, town.connector(), "w") is None  # not due yet
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        assert await poll_if_due(town.host, town.connector(), "w") == 0


async def test_a_worker_that_dies_before_the_cursor_is_kept_loses_and_doubles_nothing(
    begun, telling, news, monkeypatch
):
    town, reference = await begun(telling([news("1", external_reference="WO-1", move="start")]))

    async def killed(*given, **named):
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(polling, "_read_to", killed)
        with pytest.raises(asyncio.CancelledError):
            await poll_if_due(town.host, town.connector(), "dies")
    assert (await reading(town)).cursor == ""
    with clock.moved_to(clock.now() + polling.WRITING + timedelta(minutes=2)):  # its hold has passed
        assert await poll_if_due(town.host, town.connector(), "lives") == 1
    kinds = [entry.kind for entry in await entries_of(await town.record(reference))]
    assert kinds == ["submitted", "external", "external", "moved"]  # their number, the note, the move: once each


async def test_one_worker_polls_at_a_time(begun):
    asked, go = [], asyncio.Event()

    async def changes(connection, cursor):
        asked.append(cursor)
        await go.wait()
        return News(cursor="1")

    town, _ = await begun(changes)
    first = asyncio.create_task(poll_if_due(town.host, town.connector(), "one"))
    while not asked:
        await asyncio.sleep(0.01)
    assert await poll_if_due(town.host, town.connector(), "two") is None
    go.set()
    assert await first == 0
    assert asked == [""]


async def test_news_that_is_told_of_while_a_poll_is_under_way_is_asked_for_after_it(begun):
    asked = []

    async def changes(connection, cursor):
        asked.append(cursor)
        if cursor == "1":
            await poll_for_news(town.host, town.connector())
        return News(cursor=f"{len(asked)}", more=len(asked) < 3)

    town, _ = await begun(changes)
    assert await poll_if_due(town.host, town.connector(), "w") == 0
    assert await poll_if_due(town.host, town.connector(), "w") == 0
    assert await poll_if_due(town.host, town.connector(), "w") is None
    assert asked == ["", "1", "2", "3"]


async def test_what_a_person_asks_for_while_a_poll_fails_is_asked_after_it(begun):
    asked = []

    async def changes(connection, cursor):
        asked.append(cursor)
        if len(asked) == 1:
            await poll_soon(town.host, town.connector())
        raise Later("closed for the weekend")

    town, _ = await begun(changes)
    for expected in (0, 0, None):
        assert await poll_if_due(town.host, town.connector(), "w") == expected
    assert len(asked) == 2


async def test_a_system_that_is_away_is_left_alone_though_it_tells_of_news_until_a_person_asks(begun):
    asked = []

    async def changes(connection, cursor):
        asked.append(cursor)
        raise Later("closed for the weekend")

    town, _ = await begun(changes)
    await poll_if_due(town.host, town.connector(), "w")
    await poll_for_news(town.host, town.connector())
    assert await poll_if_due(town.host, town.connector(), "w") is None
    assert await poll_now(town.host, town.connector(), "w") == 0
    assert len(asked) == 2


async def test_a_system_that_is_away_is_asked_less_and_less_often_and_said_so(begun):
    async def changes(connection, cursor):
        raise Later("closed for the weekend")

    town, _ = await begun(changes)
    waits, moved, begins = [], timedelta(), clock.now()
    for _ in range(8):
        with clock.moved_to(begins + moved):
            assert await poll_if_due(town.host, town.connector(), "w") == 0
            now = await reading(town)
            waits.append(now.due_at - clock.now())
            moved += waits[-1]
    assert waits[0] < waits[-1]
    assert (now.failures, str(now.trouble)) == (8, "closed for the weekend")


async def test_what_the_other_side_asks_us_to_wait_is_waited(begun):
    async def changes(connection, cursor):
        raise Later("busy", timedelta(hours=3))

    town, _ = await begun(changes)
    await poll_if_due(town.host, town.connector(), "w")
    assert (await reading(town)).due_at - clock.now() > timedelta(hours=2, minutes=59)


@pytest.mark.parametrize("answer", [None, [], {"updates": []}, "news"])
async def test_rubbish_is_a_trouble_of_this_connector_alone(begun, answer):
    async def changes(connection, cursor):
        return answer

    town, _ = await begun(changes)
    assert await poll_if_due(town.host, town.connector(), "w") == 0
    assert "instead of News" in str((await reading(town)).trouble)


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (News(updates=("WO-1",)), "updates"),
        (News(updates=(Update(key=1, external_reference="WO-1"),)), "key"),
        (
            News(updates=(Update(key="1", external_reference="WO-1", at=datetime.fromisoformat("2026-11-30T10:00")),)),
            "time zone",
        ),
        (News(cursor=7), "cursor"),
        (News(remember={"all": "x" * MOST_REMEMBERED}), "store more than"),
        (News(updates=(Update(key="1", external_reference="WO-1", remember={1: 2}),)), "remember"),
    ],
)
async def test_news_with_rubbish_in_it_is_a_trouble_and_nothing_of_it_is_taken_in(begun, answer, named):
    async def changes(connection, cursor):
        return answer

    town, reference = await begun(changes)
    assert await poll_if_due(town.host, town.connector(), "w") == 0
    assert named in str((await reading(town)).trouble)
    assert (await reading(town)).cursor == ""
    assert (await town.record(reference)).state == "received"


async def test_what_it_keeps_for_itself_is_there_at_the_next_poll(begun):
    seen = []

    async def changes(connection, cursor):
        seen.append(dict(connection.remembered))
        return News(cursor=cursor, remember={"fields": ["a", "b"]})

    town, _ = await begun(changes)
    await poll_now(town.host, town.connector(), "w")
    await poll_now(town.host, town.connector(), "w")
    assert seen == [{}, {"fields": ["a", "b"]}]


async def test_an_endless_list_of_pages_ends(begun, monkeypatch):
    monkeypatch.setattr(polling, "PAGES", 5)
    asked = []

    async def changes(connection, cursor):
        asked.append(cursor)
        return News(cursor=f"{len(asked)}", more=True)

    town, _ = await begun(changes)
    await poll_if_due(town.host, town.connector(), "w")
    assert len(asked) == 5


async def test_news_of_nothing_known_does_not_hold_up_the_rest(begun, telling, news):
    town, reference = await begun(
        telling([news("1", external_reference="WO-99"), news("2", external_reference="WO-1", move="start")])
    )
    assert await poll_if_due(town.host, town.connector(), "w") == 2
    assert await count_open() == {"orders": 1}
    assert (await town.record(reference)).state == "working"


async def test_the_worker_polls_by_itself_and_stops_when_told(begun, telling, news, monkeypatch):
    monkeypatch.setattr(polling, "REST", 0.01)
    town, reference = await begun(telling([news("1", external_reference="WO-1", move="start")]))
    stopping = asyncio.Event()
    running = asyncio.create_task(poll_until(town.host, "w", stopping))
    async with asyncio.timeout(30):
        while (await town.record(reference)).state != "working":
            await asyncio.sleep(0.02)
        stopping.set()
        await running


async def test_a_poll_without_news_leaves_no_trace_in_the_log_and_one_with_news_or_trouble_does(begun, other, news):
    answers = [News(cursor="1"), News(cursor="2", updates=(news("1", external_reference="WO-1"),)), Later("closed")]

    async def changes(connection, cursor):
        await connection.http.get("/news")
        answer = answers[int(cursor or 0)]
        if isinstance(answer, Exception):
            raise answer
        return answer

    town, _ = await begun(changes)
    for _ in answers:
        await poll_now(town.host, town.connector(), "w")
    kept = await exchanges_of(connector="orders")
    assert [(call.purpose, call.method) for call in kept if call.purpose == "poll"] == [("poll", "GET")] * 2


async def test_what_is_due_is_one_statement_however_many_connectors_there_are(make_town, connector, telling):
    names = [f"orders_{number}" for number in range(6)]
    town = make_town(*(connector(name=name, changes=telling()) for name in names))
    for name in names[:3]:
        await poll_if_due(town.host, town.connector(name), "w")
    with counted() as statements:
        assert await polling._due(names) == set(names[3:])
    assert statements.count == 1


async def test_a_poll_that_hangs_holds_up_no_other(make_town, connector, telling, news, monkeypatch):
    monkeypatch.setattr(polling, "REST", 0.01)
    hangs = asyncio.Event()

    async def hang(connection, cursor):
        await hangs.wait()
        return News()

    told = telling([news("1", external_reference="WO-1", move="start")])
    town = make_town(connector(name="hangs", changes=hang, types=("other",)), connector(changes=told))
    reference = (await town.submit()).reference
    await town.relay().drain()
    stopping = asyncio.Event()
    running = asyncio.create_task(poll_until(town.host, "w", stopping))
    async with asyncio.timeout(30):
        while (await town.record(reference)).state != "working":
            await asyncio.sleep(0.02)
        stopping.set()
        assert not running.done()  # the poll under way is not cut off
        hangs.set()
        await running


@pytest.mark.parametrize("dies", [False, True])
async def test_what_a_clock_three_weeks_ahead_has_put_off_is_asked_again_once_it_is_right(
    begun, telling, monkeypatch, dies
):
    town, _ = await begun(telling())

    async def killed(*given, **named):
        raise asyncio.CancelledError

    with monkeypatch.context() as patched, clock.moved_to(clock.now() + timedelta(weeks=3)):
        if dies:
            patched.setattr(polling, "_read_to", killed)
        with suppress(asyncio.CancelledError):
            await poll_if_due(town.host, town.connector(), "ahead")
    assert await poll_if_due(town.host, town.connector(), "w") is None
    stopping = asyncio.Event()
    chores = asyncio.create_task(run_chores(town.host, "w", stopping))
    async with asyncio.timeout(20):
        while await poll_if_due(town.host, town.connector(), "w") is None:
            await asyncio.sleep(0.1)
    stopping.set()
    await chores


async def test_one_piece_of_news_that_cannot_be_kept_is_told_to_operators_and_holds_up_no_other(begun, news):
    """JSON of others may hold half a character. Before, the poll ended there for ever, and no page said so."""

    async def changes(connection, cursor):
        half = structs.replace(news("half", external_reference="WO-1"), note=Text(fr="\ud800", en="x"))
        return News(cursor="2", updates=(half, news("1", external_reference="WO-1", move="start")))

    town, reference = await begun(changes)
    assert await poll_if_due(town.host, town.connector(), "w") == 0
    found = await reading(town)
    assert (found.cursor, found.failures) == ("", 1)
    assert "update 'half' cannot be kept: it raised UnicodeEncodeError" in found.trouble.to("en")
    assert (await town.record(reference)).state == "working"
