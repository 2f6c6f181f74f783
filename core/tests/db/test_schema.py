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
