"""SQLite when its file is locked, full, gone, replaced, spoilt or read-only."""

import asyncio
import os
import shutil
import sqlite3
import tempfile
import threading
from pathlib import Path
from types import NoneType

import pytest

from parvis.db import (
    DatabaseAway,
    DatabaseFull,
    DatabaseTrouble,
    DatabaseUnwritable,
    NotUnique,
    background_priority,
    insert,
    sqlite,
    transaction,
)
from parvis.db.binding import bind, open_engine


@pytest.fixture
async def impatient(engine):
    """The engine, its writer giving up at once when another process writes."""
    engine.busy_milliseconds = 20
    return engine


async def test_a_file_locked_by_another_process_is_away_and_loses_no_thread(impatient, pebbles):
    threads = _threads()
    other = sqlite3.connect(impatient.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(5):
        with pytest.raises(DatabaseAway, match="database is locked") as away:
            await _insert(impatient, pebbles)
        assert not away.value.in_doubt
    assert _threads() == threads
    other.execute("ROLLBACK")
    other.close()
    await _insert(impatient, pebbles)
    assert await pebbles.count() == 1


async def test_units_of_new_rows_that_wait_together_share_a_commit_and_fail_alone(engine, beaches):
    async def add(name: str) -> None:
        async with transaction(engine):
            await insert(beaches(name=f"{name} 1"), beaches(name=f"{name} 2"), beaches(name=name))

    await engine.take_writer()  # the others gather behind this one
    adding = [asyncio.create_task(add(name)) for name in ("Oka", "Cap", "Cap", "Pointe", "Anse")]
    await asyncio.sleep(0.01)
    adding[4].cancel()
    engine.leave_writer()
    came = await asyncio.gather(*adding, return_exceptions=True)
    assert [type(each) for each in came] == [NotUnique, NoneType, NotUnique, NoneType, asyncio.CancelledError]
    names = [row["name"] for row in await beaches.select(beaches.name).order_by(beaches.name)]
    assert names == ["Cap", "Cap 1", "Cap 2", "Oka", "Pointe", "Pointe 1", "Pointe 2"]
    await add("Anse")


async def test_units_that_wait_together_are_all_told_when_nothing_could_be_written(impatient, beaches):
    async def add(name: str) -> None:
        async with transaction(impatient):
            await insert(beaches(name=name))

    other = sqlite3.connect(impatient.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    came = await asyncio.gather(*(add(name) for name in ("Cap", "Pointe", "Anse")), return_exceptions=True)
    assert [type(each) for each in came] == [DatabaseAway] * 3
    other.execute("ROLLBACK")
    other.close()
    await _limit(impatient, "PRAGMA max_page_count=1")
    came = await asyncio.gather(*(add(f"{name} " * 12) for name in range(2000)), return_exceptions=True)
    assert {type(each) for each in came} == {DatabaseFull}
    assert await beaches.count() == 1
    await _limit(impatient, "PRAGMA max_page_count=100000")
    await add("Cap")


async def test_whoever_waits_too_long_is_away_and_in_doubt_only_if_somebody_writes_it_now(engine, beaches, monkeypatch):
    async def add(name: str) -> None:
        async with transaction(engine):
            await insert(beaches(name=name))

    await add("Cap")
    monkeypatch.setattr(sqlite, "WRITER_SECONDS", 0.05)
    writer = await engine.take_writer()
    with pytest.raises(DatabaseAway, match="the units before this one took over") as early:
        await add("Pointe")
    assert not early.value.in_doubt
    release, run = threading.Event(), writer.execute

    async def slowly(sql: str):
        if sql == "COMMIT":
            await run("SELECT wait()")
        return await run(sql)

    await writer.create_function("wait", 0, lambda: release.wait(10))
    monkeypatch.setattr(writer, "execute", slowly)
    adding = [asyncio.create_task(add(name)) for name in ("Anse", "Plage")]
    await asyncio.sleep(0)
    engine.leave_writer()
    [late] = await asyncio.gather(adding[1], return_exceptions=True)
    assert isinstance(late, DatabaseAway)
    assert late.in_doubt
    release.set()
    await adding[0]
    assert {row["name"] for row in await beaches.select(beaches.name)} == {"Oka", "Cap", "Anse", "Plage"}


@pytest.mark.parametrize("hops", range(10))
async def test_the_one_who_writes_for_all_may_be_cancelled_and_the_others_are_written(engine, beaches, hops):
    async def add(name: str) -> None:
        async with transaction(engine):
            await insert(beaches(name=name))

    adding = [asyncio.create_task(add(name)) for name in ("Cap", "Pointe", "Anse")]
    for _ in range(hops):
        await asyncio.sleep(0)
    adding[0].cancel()
    await asyncio.gather(adding[0], return_exceptions=True)
    await asyncio.gather(*adding[1:])
    names = {row["name"] for row in await beaches.select(beaches.name)}
    assert names - {"Cap"} == {"Oka", "Pointe", "Anse"}
    await add("Plage")


async def test_a_full_disk_is_told_and_the_next_unit_works_when_there_is_room(impatient, beaches, pebbles):
    await _limit(impatient, "PRAGMA max_page_count=1")  # SQLite answers as it does when the disk is full
    with pytest.raises(DatabaseFull, match="no room left to write"):
        async with transaction(impatient):
            await beaches.update({beaches.pebbles: 99}, force=True)
            for _ in range(500):
                await pebbles.insert(pebbles())
    assert await pebbles.count() == 0
    assert await beaches.select(beaches.pebbles) == [{"pebbles": 0}]
    await _limit(impatient, "PRAGMA max_page_count=100000")
    await _insert(impatient, pebbles)
    assert await pebbles.count() == 1


async def test_a_file_taken_away_is_away_and_no_empty_one_takes_its_place(engine, beaches, pebbles):
    aside = engine.file.with_name("aside.sqlite")
    await _insert(engine, pebbles)
    await engine.close()
    engine.file.rename(aside)
    with pytest.raises(DatabaseAway, match="the database file is not there"):
        await _insert(engine, pebbles)
    with pytest.raises(DatabaseAway, match="the database file is not there"):
        await beaches.count()
    assert not engine.file.exists()
    aside.rename(engine.file)
    await _insert(engine, pebbles)
    assert await pebbles.count() == 2


async def test_a_file_replaced_under_open_connections_is_opened_anew(engine, beaches, pebbles, tmp_path):
    backup = tmp_path / "backup.sqlite"
    sqlite3.connect(engine.file).execute(f"VACUUM INTO '{backup}'").connection.close()
    await _insert(engine, pebbles)
    assert await pebbles.count() == 1
    for leftover in engine.file.parent.iterdir():
        leftover.unlink()
    shutil.copyfile(backup, engine.file)
    assert await pebbles.count() == 0
    await _insert(engine, pebbles)
    await engine.close()
    kept = sqlite3.connect(engine.file)
    assert kept.execute("SELECT count(*) FROM pebble").fetchone() == (1,)
    kept.close()


async def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path):
    letter = tmp_path / "letter.sqlite"
    letter.write_text("Madame, Monsieur, " * 500)
    engine = open_engine(f"sqlite:///{letter}")
    with pytest.raises(DatabaseTrouble, match="not a sound SQLite database"):
        await engine.start()
    await engine.close()
    assert letter.read_text() == "Madame, Monsieur, " * 500


async def test_a_read_only_folder_is_told_before_anything_is_made(nobody, beaches):
    nobody.chmod(0o555)
    engine = open_engine(f"sqlite:///{nobody}/town.sqlite")
    with pytest.raises(DatabaseUnwritable, match="the file or its folder may not be written"):
        await engine.create()
    assert list(nobody.iterdir()) == []


async def test_a_read_only_file_can_be_read_and_refuses_writes(nobody, beaches):
    engine = open_engine(f"sqlite:///{nobody}/town.sqlite")
    bind(engine, [beaches])
    await engine.create()
    async with transaction(engine):
        await beaches.create_table()
    await engine.close()
    engine.file.chmod(0o444)
    nobody.chmod(0o555)
    try:
        with pytest.raises(DatabaseUnwritable, match="may not be written"):
            async with transaction(engine):
                await beaches.insert(beaches(name="Oka"))
    finally:
        await engine.close()


async def test_every_connection_has_its_settings(safe_writes, engine):
    writer = await engine.take_writer()
    engine.leave_writer()
    reader = await engine.get_connection()
    for connection, query_only in ((writer, 0), (reader, 1)):
        for pragma, expected in (
            ("foreign_keys", 1),
            ("journal_mode", "wal"),
            ("synchronous", 2),
            ("busy_timeout", 5000),
            ("temp_store", 2),
            ("query_only", query_only),
        ):
            [row] = await connection.execute_fetchall(f"PRAGMA {pragma}")
            assert list(row.values()) == [expected], pragma
    await reader.close()


async def test_a_closed_engine_leaves_no_thread_and_may_be_used_again(engine, pebbles):
    await _insert(engine, pebbles)
    assert await pebbles.count() == 1
    await engine.close()
    assert _ended()
    assert await pebbles.count() == 1
    await engine.close()
    assert _ended()


async def test_rows_can_be_read_in_batches(engine, pebbles):
    async with transaction(engine):
        for _ in range(25):
            await pebbles.insert(pebbles())
    sizes = []
    async with await pebbles.select().batch(batch_size=10) as batches:
        async for batch in batches:
            sizes.append(len(batch))
    assert sizes == [10, 10, 5]


@pytest.fixture
def nobody():
    """A folder of one's own and the rights of somebody who is not root."""
    folder = Path(tempfile.mkdtemp(prefix="parvis-nobody-"))
    root = os.geteuid() == 0
    if root:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


async def _insert(engine, table) -> None:
    async with transaction(engine):
        await table.insert(table())


async def _limit(engine, pragma: str) -> None:
    connection = await engine.take_writer()
    await connection.execute_fetchall(pragma)
    engine.leave_writer()


def _threads() -> int:
    """How many connections are alive; each has a thread, which keeps the process from ending."""
    return len(_connection_threads())


def _ended() -> bool:
    """Whether every connection's thread comes to its end."""
    for thread in _connection_threads():
        thread.join(timeout=5)
    return _threads() == 0


def _connection_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if "_connection_worker_thread" in thread.name]


async def test_a_connection_opened_for_one_reader_may_be_taken_by_another_who_comes_by(engine, pebbles):
    async def come_by() -> int:
        while not engine._idle:
            await asyncio.sleep(0)
        return int(await pebbles.count())

    await engine.close()
    assert await asyncio.gather(pebbles.count(), come_by()) == [0, 0]


async def test_background_work_lets_people_write_first(engine, beaches):
    written, released = list[str](), asyncio.Event()

    async def add(name: str) -> None:
        async with transaction(engine):
            await beaches.count()
            await released.wait()
            await insert(beaches(name=name))
            written.append(name)

    with background_priority():
        delivered = [asyncio.create_task(add(f"delivery {number}")) for number in range(5)]
    await asyncio.sleep(0)
    reports = [asyncio.create_task(add(f"report {number}")) for number in range(2)]
    await asyncio.sleep(0)
    released.set()
    await asyncio.gather(*delivered, *reports)
    assert written.index("report 1") <= 3  # after what was writing already and the one that stood in line
