"""A copy kept by cursors holds every request at its last version, whatever is written meanwhile, and however late."""

import asyncio
import sys
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Entry, ServiceRequest
from parvis.requests.erasure_rules import forget_all
from parvis.requests.keeping.retention import erase
from parvis.requests.records import find
from parvis.signing import SecretKeys
from parvis_changes.clearing import clear_removed
from parvis_changes.sealed_cursors import UnknownCursor, opened, sealed
from parvis_testing.crowded import ANA

WRITER = """
import asyncio, random, sys
import asyncpg

async def write(url, seed, ids):
    chance, connection = random.Random(seed), await asyncpg.connect(url)
    for _ in range(12):
        async with connection.transaction():
            await connection.execute(
                "UPDATE service_request SET version = version + 1, updated_at = $2 WHERE id = $1::uuid",
                chance.choice(ids), __import__("datetime").datetime.fromisoformat(sys.argv[2]),
            )
            await asyncio.sleep(chance.choice((0, 0.01, 0.2)))
    await connection.close()

async def main():
    url, _, seed, *ids = sys.argv[1:]
    each = len(ids) // 3
    await asyncio.gather(*(write(url, f"{seed}{n}", ids[n * each : (n + 1) * each]) for n in range(3)))

asyncio.run(main())
"""


async def read_on(api, token, cursor="", limit=3):
    """Everything after the cursor, and the cursor for the next time."""
    found = []
    while True:
        answer = await api.get("/changes", token, cursor=cursor, limit=limit)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        found += told["items"]
        cursor = told["next_cursor"]
        if not told["more"]:
            return found, cursor


@pytest.mark.parametrize("at_once", [5_000, 2])
async def test_each_request_is_told_once_and_again_when_it_changed(api, at_once, monkeypatch):
    monkeypatch.setattr("parvis_changes.numbering.MOST_AT_ONCE", at_once)
    token = await api.token("requests:read", "requests:write")
    filed = [(await api.filed())["reference"] for _ in range(7)]
    first, cursor = await read_on(api, token)
    assert [each["reference"] for each in first] == filed
    assert await read_on(api, token, cursor) == ([], cursor)
    for reference in (filed[4], filed[1], filed[4]):
        assert (await api.post(f"/requests/{reference}/notes", {"words": "Vu"}, token)).status_code == 200
    news, later = await read_on(api, token, cursor)
    assert [(each["reference"], each["version"]) for each in news] == [(filed[1], 2), (filed[4], 3)]
    assert later != cursor
    again, _ = await read_on(api, token, "", limit=200)
    assert sorted(each["reference"] for each in again) == sorted(filed)


async def test_a_token_is_told_of_what_it_may_see_and_a_wrong_cursor_is_named(api):
    reference = (await api.filed())["reference"]
    assert (await api.get("/changes")).status_code == 401
    assert (await api.get("/changes", await api.token("operate"))).status_code == 403
    elsewhere = await api.token("requests:read", unit="planning")
    told = (await api.get("/changes", elsewhere)).json()
    assert (told["items"], told["more"]) == ([], False)
    await api.filed()
    assert (await api.get("/changes", elsewhere)).json()["next_cursor"] == told["next_cursor"]
    token = await api.token("requests:read")
    assert (await read_on(api, token))[0][0]["reference"] == reference
    for wrong in (
        {"cursor": "abc"},
        {"cursor": "0"},
        {"cursor": "9" * 30},
        {"cursor": "A" * 32},
        {"limit": "201"},
        {"cursor": "²"},
    ):
        refused = await api.get("/changes", token, **wrong)
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, next(iter(wrong)))


async def test_a_cursor_counts_nothing_and_is_of_its_town(api):
    token, other = await api.token("requests:read"), await api.token("requests:read", jurisdiction="rivemont")
    numbers = []
    for _ in range(3):
        await api.filed()
        _, cursor = await read_on(api, token)
        numbers.append(int.from_bytes(urlsafe_b64decode(cursor)[16:]))
        assert (await api.get("/changes", other, cursor=cursor)).json()["errors"][0]["code"] == "unreadable"
    assert all(abs(after - before) > 1000 for before, after in pairwise(numbers))
    assert await read_on(api, token, cursor) == ([], cursor)


def test_a_cursor_opens_while_the_key_that_made_it_does():
    former, now = SecretKeys.of("a" * 40, ()), SecretKeys.of("b" * 40, ("a" * 40,))
    cursor = sealed(former, "parvis", 7)
    assert opened(now, "parvis", cursor) == 7
    assert sealed(now, "parvis", 7) != cursor
    with pytest.raises(UnknownCursor):
        opened(SecretKeys.of("b" * 40, ()), "parvis", cursor)


async def test_an_erased_request_comes_once_more_as_a_tombstone(api):
    token = await api.token("requests:read", "contacts:read")
    kept, gone = [(await api.filed())["reference"] for _ in range(2)]
    first, cursor = await read_on(api, token)
    assert [(each["reference"], each["erased_at"]) for each in first] == [(kept, None), (gone, None)]
    assert await erase(api.host, gone, actor=ANA)
    (tombstone,), cursor = await read_on(api, token, cursor)
    assert (tombstone["reference"], tombstone["address"]) == (gone, "")
    assert clock.now() - datetime.fromisoformat(tombstone["erased_at"]) < timedelta(minutes=1)
    assert await read_on(api, token, cursor) == ([], cursor)


async def gone(api, reference):
    """Taken back as if it had never come, as an import is."""
    record = await find(api.host, reference)
    async with transaction(api.host.engine):
        await forget_all(api.host, record)
        await Entry.delete().where(Entry.request == record.id)
        await ServiceRequest.delete().where(ServiceRequest.id == record.id)


@pytest.mark.both_engines
@pytest.mark.parametrize("at_once", [5_000, 1])
async def test_what_is_no_longer_there_is_told_by_its_reference(api, at_once, monkeypatch):
    monkeypatch.setattr("parvis_changes.numbering.MOST_AT_ONCE", at_once)
    token, elsewhere = await api.token("requests:read"), await api.token("requests:read", unit="planning")
    there, first, second = [(await api.filed())["reference"] for _ in range(3)]
    _, cursor = await read_on(api, token)
    _, other = await read_on(api, elsewhere)
    never_told = (await api.filed())["reference"]
    for each in (first, second, never_told):
        await gone(api, each)
    await erase(api.host, there, actor=ANA)
    removed, changed = [], []
    while True:
        told = (await api.get("/changes", token, cursor=cursor, limit=1)).json()
        removed += [each["reference"] for each in told["removed"]]
        changed += [each["reference"] for each in told["items"]]
        cursor = told["next_cursor"]
        if not told["more"]:
            break
    assert (sorted(removed), changed) == (sorted((first, second)), [there])
    told = (await api.get("/changes", elsewhere, cursor=other)).json()
    assert (told["items"], told["removed"], told["next_cursor"]) == ([], [], other)
    told = (await api.get("/changes", token, cursor=cursor)).json()
    assert (told["items"], told["removed"], told["more"]) == ([], [], False)


async def test_what_went_is_told_for_a_year_and_an_older_cursor_begins_anew(api):
    token = await api.token("requests:read")
    first, second = [(await api.filed())["reference"] for _ in range(2)]
    _, cursor = await read_on(api, token)
    await gone(api, first)
    told = (await api.get("/changes", token, cursor=cursor)).json()
    assert [each["reference"] for each in told["removed"]] == [first]
    late = told["next_cursor"]
    with clock.moved_to(clock.now() + timedelta(days=364)):
        assert await clear_removed(api.host) == 0
    with clock.moved_to(clock.now() + timedelta(days=366)):
        assert await clear_removed(api.host) == 1
        assert await clear_removed(api.host) == 0
    for language, word in (("fr", "trop ancien"), ("en", "too old")):
        refused = await api.get("/changes", token | {"accept-language": language}, cursor=cursor)
        assert refused.status_code == 410
        (error,) = refused.json()["errors"]
        assert (error["path"], error["code"], word in error["message"]) == ("cursor", "too_old", True)
    assert (await api.get("/changes", token, cursor=late)).status_code == 200
    whole, anew = await read_on(api, token)
    assert [each["reference"] for each in whole] == [second]
    assert await read_on(api, token, anew) == ([], anew)
    elsewhere = await api.token("requests:read", jurisdiction="rivemont")
    empty = (await api.get("/changes", elsewhere)).json()["next_cursor"]
    assert (await api.get("/changes", elsewhere, cursor=empty)).status_code == 200


async def test_what_went_and_was_cleared_before_anybody_read_it_is_no_silence(api):
    token = await api.token("requests:read")
    reference, other = [(await api.filed())["reference"] for _ in range(2)]
    _, cursor = await read_on(api, token)
    await gone(api, reference)
    with clock.moved_to(clock.now() + timedelta(days=366)):
        assert await clear_removed(api.host) == 1
    assert (await api.get("/changes", token, cursor=cursor)).status_code == 410
    whole, anew = await read_on(api, token)
    assert [each["reference"] for each in whole] == [other]
    for _ in range(2):
        assert await read_on(api, token, anew) == ([], anew)
    later = (await api.filed())["reference"]
    assert [each["reference"] for each in (await read_on(api, token, anew))[0]] == [later]


@pytest.mark.both_engines
async def test_two_processes_that_write_and_commit_late_leave_no_gap_in_a_copy(api, database_url):
    if api.host.engine.engine_type != "postgres":
        pytest.skip("SQLite has one writer: nothing commits late")
    token = await api.token("requests:read")
    records = [await find(api.host, (await api.filed())["reference"]) for _ in range(12)]
    copy = {each["reference"]: each["version"] for each in (await read_on(api, token))[0]}
    _, cursor = await read_on(api, token)
    at, ids = max(each.updated_at for each in records).isoformat(), [str(each.id) for each in records]
    writers = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, database_url, at, str(number), *half)
        for number, half in enumerate((ids[:6], ids[6:]))
    ]
    ended = asyncio.gather(*(each.wait() for each in writers))
    rounds = 0
    while not ended.done() or rounds == 0:
        news, cursor = await read_on(api, token, cursor)
        assert all(each["version"] >= copy[each["reference"]] for each in news)
        copy |= {each["reference"]: each["version"] for each in news}
        rounds += bool(news)
    assert await ended == [0, 0]
    news, cursor = await read_on(api, token, cursor)
    copy |= {each["reference"]: each["version"] for each in news}
    rows = await ServiceRequest.select(ServiceRequest.reference, ServiceRequest.version)
    assert copy == {row["reference"]: row["version"] for row in rows}
    assert sum(copy.values()) == 12 + 2 * 3 * 12
