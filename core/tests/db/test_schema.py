"""The host's own tables and the steps that make them."""

import asyncio
import subprocess
import sys

import pytest
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.columns import JSON, JSONB, Array, Numeric, Real, Timestamp, Timestamptz

from parvis import clock
from parvis.db import transaction
from parvis.db.binding import bind, open_engine, running
from parvis.db.every_table import TABLES
from parvis.db.migrating import check_version, version
from parvis.db.people_tables import Attempt
from parvis.db.piccolo_app import APP_CONFIG

pytestmark = pytest.mark.both_engines

MIGRATE = """
import asyncio, sys
from parvis import clock
from parvis.db.binding import open_engine
from parvis.db.binding import bind
from parvis.db.migrating import migrate

async def main():
    engine = open_engine(sys.argv[1])
    bind(engine)
    try:
        print(len(await migrate(engine)))
    finally:
        await engine.close()

asyncio.run(main())
"""


async def test_the_steps_make_exactly_the_tables_that_are_declared(monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    changes = await AutoMigrationManager(auto_input="n").get_alter_statements(APP_CONFIG)
    assert [statement for change in changes for statement in change.statements] == []


async def test_every_table_is_there_and_empty_after_the_steps(database):
    await check_version(database)
    for table in TABLES:
        assert await table.select() == [], table._meta.tablename


async def test_processes_that_migrate_at_the_same_time_take_each_step_once(empty_url):
    command = [sys.executable, "-c", MIGRATE, empty_url]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [await asyncio.to_thread(process.communicate) for process in processes]
    assert [error for _, error in answers] == ["", "", ""]
    engine = open_engine(empty_url)
    bind(engine)
    try:
        await engine.start()
        found = await version(engine)
    finally:
        await engine.close()
    assert found.missing == found.foreign == ()
    assert sum(int(count) for count, _ in answers) == len(found.taken) > 0


def test_tables_stand_after_those_they_refer_to():
    seen = set()
    for table in TABLES:
        for column in table._meta.foreign_key_columns:
            referred = column._foreign_key_meta.resolved_references
            assert referred in seen or referred is table, f"{table.__name__}.{column._meta.name}"
        seen.add(table)


def test_no_column_is_of_a_kind_that_the_two_engines_keep_differently():
    bad = (JSON, JSONB, Array, Numeric, Real, Timestamp)
    found = [str(column) for table in TABLES for column in table._meta.columns if type(column) in bad]
    assert found == [], "money is whole cents, JSON is text decoded by msgspec, times are aware"


def test_no_default_is_computed_by_the_database():
    """Time comes from the clock alone, and the two engines would not agree."""
    times = [column for table in TABLES for column in table._meta.columns if isinstance(column, Timestamptz)]
    assert [str(column) for column in times if column.default is not None] == []


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_each_test_begins_with_a_clean_database(database_url, turn):
    async with running(database_url) as engine:
        assert await Attempt.select() == []
        async with transaction(engine):
            await Attempt.insert(Attempt(key=turn, window_ends_at=clock.now()))
        assert len(await Attempt.select()) == 1


# Of tables that each request is written to: how many indexes, and how many of them every row stands in.
MOST_INDEXES = {"service_request": (33, 8), "entry": (4, 2), "contact": (4, 3), "clock": (6, 2), "request_text": (1, 1)}
ITS_INDEXES = """
SELECT i.name, i.partial, (SELECT group_concat(coalesce(x.name, 'an expression'), ',') FROM pragma_index_xinfo(i.name) x
    WHERE x.key) AS columns, coalesce(m.sql, '') AS sql
FROM pragma_index_list({}) i LEFT JOIN sqlite_master m ON m.name = i.name"""


@pytest.mark.parametrize("table", MOST_INDEXES)
async def test_a_request_is_written_to_no_index_more_and_to_none_twice(database_url, on_postgres, table):
    """Each takes 40 to 120 bytes of each request; PostgreSQL writes to all of them with nearly every change."""
    if on_postgres:
        pytest.skip("it has the same, but for those of words")
    async with running(database_url):
        found = await Attempt.raw(ITS_INDEXES, table)
    all_, whole = MOST_INDEXES[table]
    assert len(found) <= all_
    assert sum(not row["partial"] for row in found) <= whole
    told = {row["name"]: (f"{row['columns']},", row["sql"].partition(" WHERE ")[2]) for row in found}
    double = [
        (one, other)
        for one, (columns, where) in told.items()
        for other, (longer, too) in told.items()
        if one != other and where == too and longer.startswith(columns)
    ]
    assert not double, "the second begins with the columns of the first"
