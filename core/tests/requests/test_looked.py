"""Access log: written once a person and hour in a batch, told, swept, and kept when all else goes."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.db import counted
from parvis.db.tables import AccessLogEntry
from parvis.requests.access_log import AccessLog, all_lines, lines_of, looked_at, looks_at, people_on, sweep_looks
from parvis.requests.amendments import reveal
from parvis.requests.keeping.retention import erase
from parvis.requests.visibility import HOLDER, PUBLIC
from parvis_testing.desk import ANA

AT_TEN = datetime(2026, 11, 26, 15, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def token(town):
    return structs.replace(town.agent(), kind="token", id="abc123", name="Entretien")


async def looking(town, *deeds, by=None):
    """Look at a new request in these ways, and write that down."""
    receipt = await town.submit()
    record = await town.record(receipt.reference)
    for what in deeds:
        town.host.of(AccessLog).at(by or town.agent(), record, what)
    await town.host.of(AccessLog).write(town.host.engine)
    return record


async def test_what_somebody_opens_again_within_the_hour_is_one_line_that_counts(town):
    with clock.moved_to(AT_TEN) as time:
        record = await looking(town, "page", "page", "file")
        town.host.of(AccessLog).at(town.agent(), record, "page")
        time.forward(hours=1)
        town.host.of(AccessLog).at(town.agent(), record, "page")
        assert await town.host.of(AccessLog).write(town.host.engine) == 2
        assert await town.host.of(AccessLog).write(town.host.engine) == 0
    lines, after = await looks_at(record.id)
    assert sorted((line.at - AT_TEN, line.what, line.times) for line in lines) == [
        (timedelta(minutes=-10), "file", 1),
        (timedelta(minutes=-10), "page", 3),
        (timedelta(minutes=50), "page", 1),
    ]
    assert lines[0].at == max(line.at for line in lines)
    assert {(line.name, line.about, line.jurisdiction) for line in lines} == {
        ("Ana Tremblay", record.reference, "parvis")
    }
    assert after == ""


async def test_requesters_and_the_public_leave_no_line(town):
    record = await looking(town)
    for viewer in (HOLDER, PUBLIC):
        town.host.of(AccessLog).at(viewer, record, "page")
        town.host.of(AccessLog).taken(viewer, "parvis", "liste.csv", 3)
    assert await town.host.of(AccessLog).write(town.host.engine) == 0


async def test_a_machine_looks_under_its_name_and_the_lists_it_reads_are_added_up(town):
    record = await looking(town, "page", by=token(town))
    with clock.moved_to(AT_TEN):
        for rows in (200, 17):
            town.host.of(AccessLog).listed(token(town), "parvis", "GET /requests", rows)
        town.host.of(AccessLog).listed(town.agent(), "parvis", "queue", 50)  # what people look for
        await town.host.of(AccessLog).write(town.host.engine)
    [line] = (await looks_at(record.id))[0]
    assert (line.kind, line.who, line.name) == ("token", "abc123", "Entretien")
    listed = [(one.who, one.about, one.times) for one in await lines_of(["parvis"], AT_TEN - HOUR, AT_TEN)]
    assert listed == [("abc123", "GET /requests", 217)]


async def test_each_list_that_is_taken_away_is_a_line_with_its_rows(town):
    with clock.moved_to(AT_TEN):
        town.host.of(AccessLog).taken(town.agent(), "parvis", "liste.csv", 3)
        pack = town.host.of(AccessLog).taken(town.agent(), "parvis", "verification.zip", 0)
        await town.host.of(AccessLog).write(town.host.engine)
        town.host.of(AccessLog).taken(town.agent(), "parvis", "verification.zip", 40, pack)
        town.host.of(AccessLog).taken(town.agent(), "parvis", "liste.csv", 4)
        await town.host.of(AccessLog).write(town.host.engine)
    lines = await lines_of(["parvis"], AT_TEN - HOUR, AT_TEN)
    assert sorted((line.about, line.times) for line in lines) == [
        ("liste.csv", 3),
        ("liste.csv", 4),
        ("verification.zip", 40),
    ]


async def test_what_cannot_be_written_waits_with_what_comes_meanwhile(town, monkeypatch):
    record = await looking(town)
    looks = town.host.of(AccessLog)
    looks.at(town.agent(), record, "page")

    async def fails(*_given):
        looks.at(town.agent(), record, "page")
        raise RuntimeError("away")

    with monkeypatch.context() as patched:
        patched.setattr(AccessLogEntry, "raw", fails)
        with pytest.raises(RuntimeError, match="away"):
            await looks.write(town.host.engine)
    assert await looks.write(town.host.engine) == 1
    assert [line.times for line in (await looks_at(record.id))[0]] == [2]


async def test_many_looks_are_written_by_few_statements(town):
    record = await looking(town)
    for number in range(200):
        town.host.of(AccessLog).at(structs.replace(town.agent(), id=f"agent-{number}"), record, "page")
    with counted() as queries:
        assert await town.host.of(AccessLog).write(town.host.engine) == 200
    assert queries.count == 3


async def test_looks_are_read_page_by_page_with_the_identities_that_were_revealed(town):
    receipt = await town.submit("quarrel")
    record = await town.record(receipt.reference)
    with clock.moved_to(AT_TEN) as time:
        for number in range(70):
            time.forward(hours=1)
            town.host.of(AccessLog).at(town.agent(), record, "page")
            if number == 35:
                await reveal(town.host, record.reference, "Menaces", actor=ANA)
                town.host.of(AccessLog).at(town.agent(), record, "reveal")
        await town.host.of(AccessLog).write(town.host.engine)
    first, after = await looks_at(record.id)
    second, end = await looks_at(record.id, after)
    assert (len(first), len(second), end) == (50, 21, "")
    read = [line.at for line in (*first, *second)]
    assert read == sorted(read, reverse=True)
    assert len({line.id for line in (*first, *second)}) == 71
    [revealed] = [line for line in (*first, *second) if line.what == "reveal"]
    assert (revealed.name, revealed.reason) == ("Ana Tremblay", "Menaces")


async def test_a_day_is_told_by_person_in_one_statement_and_of_these_towns_only(town):
    with clock.moved_to(AT_TEN):
        record = await looking(town, "page", "file", "print", "reveal")
        town.host.of(AccessLog).taken(town.agent(), "parvis", "liste.csv", 12)
        town.host.of(AccessLog).at(structs.replace(town.agent(), id="luc", name="Luc Roy"), record, "page")
        await town.host.of(AccessLog).write(town.host.engine)
    with counted() as queries:
        [ana, luc] = await people_on(["parvis"], AT_TEN - HOUR, AT_TEN)
    assert queries.count == 1
    assert (ana.name, ana.seen, ana.files, ana.whole, ana.revealed, ana.listed) == ("Ana Tremblay", 1, 1, 1, 1, 12)
    assert (luc.name, luc.seen, luc.listed) == ("Luc Roy", 1, 0)
    assert await people_on(["rivemont"], AT_TEN - HOUR, AT_TEN) == ()
    assert await people_on([], AT_TEN - HOUR, AT_TEN) == ()
    assert await people_on(["parvis"], AT_TEN, AT_TEN + HOUR) == ()
    assert {line.name for line in await lines_of(["parvis"], AT_TEN - HOUR, AT_TEN, "luc")} == {"Luc Roy"}


async def test_all_lines_of_a_day_come_page_by_page_each_once(town, monkeypatch):
    monkeypatch.setattr("parvis.requests.access_log.READING_AT_ONCE", 3)
    with clock.moved_to(AT_TEN):
        for _ in range(4):
            await looking(town, "page", "file")
    lines = [line async for line in all_lines(["parvis"], AT_TEN - HOUR, AT_TEN)]
    assert (len(lines), len({line.id for line in lines})) == (8, 8)
    assert len(await lines_of(["parvis"], AT_TEN - HOUR, AT_TEN, most=2)) == 2


async def test_lines_go_after_their_days(town):
    with clock.moved_to(AT_TEN) as time:
        old = await looking(town, "page")
        time.forward(days=700)
        new = await looking(town, "page")
        assert await sweep_looks(town.host.engine, 730) == 0
        time.forward(days=31)
        assert await sweep_looks(town.host.engine, 730) == 1
    assert [len((await looks_at(each.id))[0]) for each in (old, new)] == [0, 1]


async def test_who_looked_is_still_told_once_the_request_is_erased_and_says_nothing_of_its_requester(town):
    record = await looking(town, "page")
    await erase(town.host, record.reference, actor=ANA)
    [row] = await AccessLogEntry.select().where(AccessLogEntry.subject == record.id)
    assert not [word for word in ("Zoé", "zoe@", "Rachel") if word in str(row)]
    assert (await looked_at(record.id, "America/Toronto")).people == 1


async def test_the_requester_is_told_how_many_looked_and_when_last_and_no_machine(town):
    with clock.moved_to(AT_TEN) as time:
        record = await looking(town, "page", "file")
        assert await looked_at((await looking(town)).id, "America/Toronto") is None
        time.forward(hours=2)
        town.host.of(AccessLog).at(structs.replace(town.agent(), id="luc", name="Luc Roy"), record, "page")
        town.host.of(AccessLog).at(token(town), record, "page")
        await town.host.of(AccessLog).write(town.host.engine)
        time.forward(hours=10)  # tomorrow in UTC, this evening in the town
        roads = (structs.replace(town.agent().reaches[0], unit="roads"),)
        town.host.of(AccessLog).at(structs.replace(town.agent(), id="max", reaches=roads), record, "page")
        await town.host.of(AccessLog).write(town.host.engine)
        time.forward(hours=4)
        town.host.of(AccessLog).at(structs.replace(town.agent(), id="max", reaches=roads), record, "page")
        await town.host.of(AccessLog).write(town.host.engine)
    told = await looked_at(record.id, "America/Toronto")
    assert (told.people, told.hours) == (3, 4)
    assert told.latest == AT_TEN.replace(minute=0) + 16 * HOUR
    assert [(each.day.day, each.people, each.units) for each in told.days] == [
        (27, 1, ("roads",)),
        (26, 3, ("*", "roads")),
    ]


async def test_two_processes_write_the_same_look_in_one_line(town):
    with clock.moved_to(AT_TEN):
        record = await looking(town, "page")
        other = AccessLog()
        other.at(town.agent(), record, "page")
        await other.write(town.host.engine)
    assert [line.times for line in (await looks_at(record.id))[0]] == [2]
