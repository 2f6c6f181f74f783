"""The queue finds what one may see, in the order of what is due, at a constant number of statements."""

import base64
import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec import structs
from structlog.testing import capture_logs

from parvis import clock
from parvis.db import counted, transaction
from parvis.db.tables import Contact, ServiceRequest
from parvis.identifiers import new_id
from parvis.requests import contacts
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend
from parvis.requests.changing import row_of
from parvis.requests.declarations import Unreadable
from parvis.requests.lifecycle import make_move
from parvis.requests.lists import search
from parvis.requests.lists.cursors import BadCursor
from parvis.requests.lists.nearby import similar_open
from parvis.requests.lists.search import Filters, public_requests, queue, where_for
from parvis.requests.records import find
from parvis.requests.visibility import PUBLIC
from parvis_sdk.requests import Place
from parvis_testing.known_addresses import KNOWN_ADDRESSES

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


@pytest.fixture(scope="session")
def modules():
    return KNOWN_ADDRESSES


async def found(town, viewer=None, **given):
    options = {key: given.pop(key) for key in ("sort", "limit", "cursor") if key in given}
    result = await queue(town.host, viewer or town.agent("see"), "parvis", Filters(**given), **options)
    return [row.reference for row in result.rows]


async def test_what_is_due_first_comes_first_and_what_promises_nothing_last(town):
    with clock.moved_to(datetime(2026, 9, 14, 14, tzinfo=UTC)):
        usual = (await town.submit()).reference
        never = (await town.submit("quarrel")).reference
        danger = (await town.submit(answers={"danger": True})).reference
        assert await found(town) == [danger, usual, never]


async def test_a_request_that_cannot_be_read_is_left_out_by_itself_and_named(town):
    hole = town.host.plugins.request_type("hole")
    good, bad = (await town.submit()).reference, (await town.submit()).reference
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.state: "gone"}).where(ServiceRequest.reference == bad)
    with capture_logs() as logs:
        assert await found(town) == [good] == await found(town, limit=2, sort="newest")
        listed = await public_requests(town.host, "parvis", Filters())
        assert [row.reference for row in listed.rows] == [good]
    near = await similar_open(town.host, town.host.jurisdictions.jurisdiction("parvis"), hole, -73.5807, 45.5236)
    assert [each.reference for each in near] == [good]
    assert town.host.of(Unreadable).references == {bad}
    assert [each["reference"] for each in logs] == [bad]
    async with transaction(town.host.engine):
        await ServiceRequest.update({ServiceRequest.state: "received"}).where(ServiceRequest.reference == bad)
    assert sorted(await found(town)) == sorted([good, bad])
    assert town.host.of(Unreadable).references == set()


async def test_pages_follow_each_other_without_gap_or_double(town):
    references = {(await town.submit()).reference for _ in range(7)} | {(await town.submit("quarrel")).reference}
    for sort in ("due", "newest", "oldest", "updated"):
        seen, cursor = [], ""
        while True:
            page = await queue(town.host, town.agent("see"), "parvis", Filters(), sort=sort, limit=3, cursor=cursor)
            seen += [row.reference for row in page.rows]
            assert page.total == 8
            cursor = page.next_cursor
            if not cursor:
                break
        assert len(seen) == 8
        assert set(seen) == references


async def test_a_forged_cursor_is_refused(town):
    for forged in ("zzz", "é", "W10", "bnVsbA"):
        with pytest.raises(BadCursor):
            await found(town, cursor=forged)


async def test_words_are_found_without_accents_and_by_reference_name_or_phone(town):
    reference = (await town.submit(answers={"danger": False, "words": "Énorme cratère"})).reference
    await town.submit(answers={"danger": False, "words": "Petit trou"}, requester={"mode": "anonymous"})
    for text in (
        "enorme CRATERE",
        reference,
        reference.lower().replace("-", ""),
        "cote",
        "5145550101",
        "rachel cratere",
    ):
        assert await found(town, text=text) == [reference], text
    assert await found(town, text="100%") == []
    assert await found(town, text="_") == []


async def test_one_letter_or_a_sign_finds_nothing_and_is_said_to_be_too_short(town):
    await town.submit(answers={"danger": False, "words": "Énorme cratère"})
    for text in ("é", "e", " E ", "'", "´", "?"):
        page = await queue(town.host, town.agent("see"), "parvis", Filters(text=text))
        assert (page.rows, page.total, page.too_short) == ((), 0, True), text
        assert where_for(town.host, town.agent("see"), "parvis", Filters(text=text)) == ("1 = 0", [])
    for text in ("", "én", "12"):
        assert not (await queue(town.host, town.agent("see"), "parvis", Filters(text=text))).too_short, text


@pytest.mark.both_engines
async def test_whoever_was_written_before_names_were_heard_is_found_by_their_sound_in_the_end(town, monkeypatch):
    monkeypatch.setattr(contacts, "TOGETHER", 2)
    references = [(await town.submit()).reference for _ in range(5)]
    async with transaction(town.host.engine):
        await Contact.update({"search_text": "zoe cote zoe@exemple.ca", "sounded": None}).where(Contact.name != "")
    assert await found(town, text="quautte") == []
    assert await contacts.sound_older(town.host) == 5
    assert sorted(await found(town, text="quautte")) == sorted(references) == sorted(await found(town, text="cote"))
    assert await contacts.sound_older(town.host) == 0


async def test_a_confidential_person_cannot_be_found_by_name(town):
    await town.submit("quarrel")
    assert await found(town, town.agent("see", "reveal"), text="cote") == []
    assert len(await found(town, town.agent("see"), text="querelle")) == 1


async def test_agents_find_only_what_lies_in_their_units(town):
    reference = (await town.submit()).reference
    assert await found(town, town.agent("see", unit="citizens")) == [reference]
    assert await found(town, town.agent("see", unit="parks")) == []
    assert await found(town, town.agent("work")) == []


async def test_the_public_finds_public_ones_only(town):
    reference = (await town.submit()).reference
    await town.submit("quarrel")
    page = await public_requests(town.host, "parvis", Filters())
    assert [row.reference for row in page.rows] == [reference]
    assert (page.rows[0].unit, page.rows[0].channel) == ("", "")
    assert await found(town, PUBLIC, text="cote") == []


@pytest.mark.parametrize("text", ["cratere", "boulangerie", "rachel", "cote", "leo", "cheville"])
async def test_a_search_by_the_public_does_not_tell_what_the_page_hides(town_of, hole, text):
    town = town_of(structs.replace(hole, place=structs.replace(hole.place, precision=200)))
    answers = {"danger": True, "words": "Énorme cratère", "witness": "Léo", "health": "cheville"}
    place = {"lon": -73.5807, "lat": 45.5236, "address": "1234, rue Rachel Est", "words": "derrière la boulangerie"}
    reference = (await town.submit(answers=answers, place=place)).reference
    assert await found(town, PUBLIC, text=text) == []
    for known in ("trou", reference, reference.replace("-", "")):
        assert await found(town, PUBLIC, text=known) == [reference]


MONT_ROYAL = {"lon": -73.5807, "lat": 45.5236, "address": "470, avenue du Mont-Royal Est"}


async def test_the_public_finds_a_place_and_public_answers_and_loses_them_with_the_public_page(town):
    reference = (await town.submit(place=MONT_ROYAL)).reference
    assert await found(town, PUBLIC, text="mont-royal trou") == [reference]
    await amend(town.host, reference, place=Place(words="Coin", address="420, boulevard Rosemont"), actor=ANA)
    assert await found(town, PUBLIC, text="mont-royal") == []
    assert await found(town, PUBLIC, text="rosemont") == [reference]
    assert await found(town, PUBLIC, text="coin") == []
    await amend(town.host, reference, type="quarrel", actor=ANA)
    assert await ServiceRequest.select(ServiceRequest.public_text) == [{"public_text": ""}]


@pytest.mark.parametrize("rank", [-1, 4, 2**70])
@pytest.mark.parametrize("at", ["2026-01-01T00:00:00", "0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z", None])
@pytest.mark.parametrize("sort", ["due", "updated"])
async def test_a_cursor_that_only_looks_like_ours_is_refused_or_harmless(town, rank, at, sort):
    await town.submit()
    forged = base64.urlsafe_b64encode(msgspec.json.encode([rank, at, str(new_id())])).decode()
    try:
        await found(town, cursor=forged, sort=sort)
    except BadCursor:
        return
    assert rank in range(4)
    assert at != "2026-01-01T00:00:00"


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "%" * 200, "\\", "' OR 1=1 --", "!", "\u202e"])
async def test_any_text_may_be_looked_for(town, text):
    await town.submit()
    for viewer in (PUBLIC, town.agent("see")):
        await found(town, viewer, text=text)
        await found(town, viewer, types=(text,), zones=(text,))


async def test_filters_narrow_together(town):
    with clock.moved_to(datetime(2026, 9, 14, 14, tzinfo=UTC)) as time:
        one = (await town.submit(channel="phone")).reference
        two = (await town.submit(answers={"danger": True})).reference
        await make_move(town.host, one, "start", {}, actor=ANA, mover="agent")
        time.forward(days=2)
        assert await found(town, channels=("phone",)) == [one]
        assert await found(town, phases=("in_progress",), open=True) == [one]
        assert await found(town, late=True) == [two]
        assert await found(town, assignee="none", types=("hole",), units=("citizens",)) == [two, one]
        assert await found(town, since=clock.now() - timedelta(days=1)) == []


async def test_ten_rows_cost_no_more_statements_than_one(town):
    await town.submit()
    await found(town)
    with counted() as one:
        await found(town)
    for _ in range(9):
        await town.submit()
    with counted() as ten:
        assert len(await found(town)) == 10
    assert one.count == ten.count == 1


@pytest.mark.parametrize(
    ("given", "index"),
    [
        ({"open": True}, "service_request_owed"),
        ({"open": True, "units": ("citizens",)}, "service_request_owed"),
        ({}, "service_request_due"),
        ({"sort": "newest"}, "service_request_newest"),
        ({"sort": "updated"}, "service_request_updated"),
        ({"sort": "updated", "updated_since": datetime(2026, 1, 1, tzinfo=UTC)}, "service_request_updated"),
        ({"late": True}, "service_request_owed"),
    ],
)
async def test_a_list_is_read_by_its_index_and_sorted_by_nobody(town, on_postgres, given, index):
    if on_postgres:
        pytest.skip("PostgreSQL reads a table of a few rows as it lies")
    with counted() as queries:
        await found(town, **given)
    listing = next(sql for sql in queries.statements if "ORDER BY" in sql)
    plan = await town.host.engine.send(f"EXPLAIN QUERY PLAN {listing}", [None] * listing.count("?"))
    steps = [row["detail"] for row in plan]
    kept = "SCAN service_request USING COVERING INDEX service_request_kept"
    assert steps.count(kept) == 2, steps  # once for the rows, once for how many there are
    assert not any("TEMP B-TREE" in step for step in steps), steps
    assert index in steps[0]


async def test_the_public_list_is_read_by_its_index(town, on_postgres):
    if on_postgres:
        pytest.skip("PostgreSQL reads a table of a few rows as it lies")
    with counted() as queries:
        await public_requests(town.host, "parvis", Filters())
    [sql] = queries.statements
    plan = await town.host.engine.send(f"EXPLAIN QUERY PLAN {sql}", [None] * sql.count("?"))
    read = [row["detail"] for row in plan if "service_request" in row["detail"]]
    assert ["service_request_public" in step for step in read] == [True, True], read  # the rows, and how many


async def explained(town, on_postgres, monkeypatch, **given):
    """How a search is planned, one line for each step."""
    asked, raw = [], ServiceRequest.raw
    monkeypatch.setattr(ServiceRequest, "raw", lambda sql, *values: asked.append((sql, values)) or raw(sql, *values))
    await found(town, **given)
    sql, values = next(each for each in asked if "found" in each[0])
    async with transaction(town.host.engine):
        if on_postgres:  # which reads a table of a few rows as it lies
            await raw("SET LOCAL enable_seqscan = off")
            await raw("SET LOCAL enable_indexscan = off")
        rows = await raw(f"EXPLAIN {'' if on_postgres else 'QUERY PLAN '}{sql}", *values)
    return "\n".join(str(row.get("detail") or row.get("QUERY PLAN")) for row in rows)


PLANS = "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '_WITH found AS%'"


@pytest.mark.both_engines
@pytest.mark.parametrize("text", ["rachel", "8e avenue", "514 555-0101"])
async def test_postgres_plans_with_the_words_however_often_it_is_asked(town, on_postgres, text):
    if not on_postgres:
        pytest.skip("SQLite plans each statement when it is made")
    async with transaction(town.host.engine):  # on one connection
        for _ in range(8):
            await found(town, text=text, open=True)
        plans = await ServiceRequest.raw(PLANS)
    assert max(row["custom_plans"] for row in plans) >= 8
    assert {row["generic_plans"] for row in plans} == {0}


async def test_where_other_filters_leave_few_the_words_of_each_are_read(town, on_postgres, monkeypatch):
    if on_postgres:
        pytest.skip("PostgreSQL finds out by itself")
    steps = await explained(town, on_postgres, monkeypatch, text="rachel", open=True)
    assert "search_index" not in steps
    assert "SEARCH t USING INDEX sqlite_autoindex_request_text_1 (request=?)" in steps
    with counted() as queries:
        await found(town, text="rachel", open=True)
    assert queries.count == 4  # how many are left and what holds the words; the same for what comes close
    monkeypatch.setattr(search, "READ_EACH", 0)
    for _ in range(2):
        await town.submit()
    assert len(await found(town, text="rachel", open=True)) == 2
    assert "search_index VIRTUAL TABLE" in await explained(town, on_postgres, monkeypatch, text="rachel", open=True)


@pytest.mark.both_engines
@pytest.mark.parametrize("text", ["rachel", "rachel trou", "514 555-0101", "rachel ai"])
@pytest.mark.parametrize("given", [{}, {"types": ("hole",), "open": True}, {"sort": "newest"}])
async def test_words_are_read_by_one_index_and_first_of_all(town, on_postgres, monkeypatch, text, given):
    monkeypatch.setattr(search, "READ_EACH", -1)
    steps = await explained(town, on_postgres, monkeypatch, text=text, **given)
    if on_postgres:  # which knows how many hold one word, and may begin with another filter that leaves few
        several = text.startswith("rachel ") and "types" not in given
        assert not several or "Bitmap Index Scan on request_text_words" in steps
        return
    index, texts, requests = (
        re.search(sought, steps).start()
        for sought in (
            "SCAN search_index VIRTUAL TABLE INDEX 0:M3",
            r"SEARCH t USING INTEGER PRIMARY KEY",
            r"SEARCH service_request USING INDEX sqlite_autoindex_service_request_1 \(id=",
        )
    )
    assert index < texts < requests, steps
    assert "SCAN t" not in steps
    assert "SCAN service_request" not in steps.replace(
        "SCAN service_request USING COVERING INDEX service_request_kept", ""
    )


async def test_words_cost_one_statement_however_many_they_are_and_one_more_where_they_come_often(town, monkeypatch):
    for _ in range(3):
        await town.submit()
    for text in ("rachel", "rachel trou 1234 est"):
        with counted() as queries:
            page = await queue(town.host, town.agent("see"), "parvis", Filters(text=text), limit=2)
        assert (len(page.rows), page.total, page.more, queries.count) == (2, 3, False, 1)
    second = await queue(
        town.host, town.agent("see"), "parvis", Filters(text="rachel"), limit=2, cursor=page.next_cursor
    )
    assert (len(second.rows), second.total) == (1, 3)
    assert (await queue(town.host, town.agent("see"), "parvis", Filters(text="nulle part"))).total == 0
    monkeypatch.setattr(search, "FEW", 2)
    with counted() as queries:
        page = await queue(town.host, town.agent("see"), "parvis", Filters(text="rachel"), limit=2)
    assert (len(page.rows), page.total, page.more, queries.count) == (2, 2, True, 2)


async def test_counting_stops_and_says_so(town, monkeypatch):
    monkeypatch.setattr(search, "MOST_COUNTED", 2)
    monkeypatch.setattr(search, "FEW", 2)
    for _ in range(3):
        await town.submit()
    for text in ("", "rachel"):
        page = await queue(town.host, town.agent("see"), "parvis", Filters(text=text))
        assert (len(page.rows), page.total, page.more) == (3, 2, True), text


async def test_what_is_frequent_is_met_in_the_order_of_the_list_and_what_is_rare_is_led_to_alike(town, monkeypatch):
    places = [f"{number}, rue {name}" for number, name in enumerate(("Rachel", "Marquette", "Rachel", "Rachel"), 1)]
    made = [await town.submit(place={"lon": -73.5807, "lat": 45.5236, "address": place}) for place in places]
    wanted = [made[at].reference for at in (0, 2, 3)]
    assert await found(town, text="rachel trou", sort="oldest") == wanted
    monkeypatch.setattr(search, "FEW", 0)
    assert await found(town, text="rachel trou", sort="oldest") == wanted


async def test_a_list_is_narrowed_to_priorities(town):
    one, other = (await town.submit()).reference, (await town.submit()).reference
    async with transaction(town.host.engine):
        await ServiceRequest.update({"priority": 2}).where(ServiceRequest.reference == one)
    assert set(await found(town)) == {one, other}
    assert await found(town, priorities=(1, 2)) == [one]
    assert await found(town, priorities=(1,)) == []


async def test_what_is_kept_of_a_request_is_read_back_as_it_is(town):
    reference = (await town.submit()).reference
    record = await find(town.host, reference)
    assert (record.priority, record.follow_up_at) == (0, None)
    now = datetime(2026, 9, 14, 14, tzinfo=UTC)
    columns = {"priority": 3, "follow_up_at": now}
    changed = row_of(structs.replace(record, **columns), *columns)
    async with transaction(town.host.engine):
        await ServiceRequest.update(changed).where(ServiceRequest.id == record.id)
    assert await find(town.host, reference) == structs.replace(record, **columns)
