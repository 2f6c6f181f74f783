"""Migrations: taken in order, once, each whole or not at all, without a word on the terminal."""

import asyncio
import subprocess
import sys
import textwrap
from importlib import import_module
from pathlib import Path

import asyncpg
import pytest
from piccolo.apps.migrations.tables import Migration

from parvis.db import DatabaseAway, DatabaseTooNew, DatabaseTooOld, OthersServe, migrating
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import Chain, check_version, migrate, version
from parvis.db.postgres import is_locked

pytestmark = pytest.mark.both_engines

FIRST, SECOND, THIRD = "2026-01-10T08:00:00:000001", "2026-02-10T08:00:00:000001", "2026-03-10T08:00:00:000001"


@pytest.fixture
def steps(tmp_path, monkeypatch):
    """A package of steps to write into, by the name `migrate` wants."""
    package = tmp_path / "beach_steps"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    yield package
    for name in [name for name in sys.modules if name.startswith("beach_steps")]:
        del sys.modules[name]


@pytest.fixture
async def bare(empty_url):
    """An engine on an empty database, bound and not started."""
    engine = open_engine(empty_url)
    bind(engine, [])
    yield engine
    await engine.close()


async def test_steps_are_taken_in_the_order_of_their_dates_and_only_once(bare, steps):
    _write(steps, SECOND, "ALTER TABLE shell ADD COLUMN colour VARCHAR(20)")
    _write(steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))")
    assert await migrate(bare, steps="beach_steps") == (FIRST, SECOND)
    assert await migrate(bare, steps="beach_steps") == ()
    await check_version(bare, steps="beach_steps")
    assert (await version(bare, Chain(steps="beach_steps"))).taken == (FIRST, SECOND)


async def test_postgresql_knows_what_is_in_a_column_that_has_just_come(bare, steps, on_postgres):
    if not on_postgres:
        pytest.skip("SQLite plans by its indexes")
    _write(
        steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))", "INSERT INTO shell SELECT 'x' FROM generate_series(1, 9)"
    )
    _write(steps, SECOND, "ALTER TABLE shell ADD COLUMN colour VARCHAR(20) DEFAULT 'red'")
    await migrate(bare, steps="beach_steps")
    known = await Migration.raw(
        "SELECT most_common_vals::text AS known FROM pg_stats WHERE tablename = 'shell' AND attname = 'colour'"
    )
    assert [row["known"] for row in known] == ["{red}"]


async def test_a_step_that_fails_leaves_neither_its_work_nor_its_record(bare, steps):
    _write(steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))")
    _write(steps, SECOND, "CREATE TABLE crab (name VARCHAR(20))", "ALTER TABLE nothing ADD COLUMN x INTEGER")
    with pytest.raises(Exception, match="nothing"):
        await migrate(bare, steps="beach_steps")
    found = await version(bare, Chain(steps="beach_steps"))
    assert (found.taken, found.missing) == ((FIRST,), (SECOND,))
    _write(steps, SECOND, "CREATE TABLE crab (name VARCHAR(20))")
    assert await migrate(bare, steps="beach_steps") == (SECOND,)


async def test_a_process_of_the_version_before_goes_on_with_what_a_later_one_has_only_added(bare, steps):
    """One that is killed while another upgrades is started anew, and people find it."""
    _write(steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))")
    _write(steps, SECOND, "ALTER TABLE shell ADD COLUMN colour VARCHAR(20)")
    await migrate(bare, steps="beach_steps")
    _path(steps, SECOND).unlink()
    await check_version(bare, steps="beach_steps")
    assert await migrate(bare, steps="beach_steps") == ()
    assert (await version(bare, Chain(steps="beach_steps"))).is_ahead


async def test_a_database_in_which_a_later_version_took_away_what_this_one_needs_is_refused_and_left_as_it_is(
    bare, steps
):
    for step, table, stops in ((FIRST, "shell", ""), (SECOND, "crab", ""), (THIRD, "gull", "shells are counted")):
        _write(steps, step, f"CREATE TABLE {table} (name VARCHAR(20))", stops=stops)
    await migrate(bare, steps="beach_steps")
    await check_version(bare, steps="beach_steps")
    for step in (SECOND, THIRD):
        _path(steps, step).unlink()
    expected = (
        "the database was made by a later version of Parvis "
        f"\\(it has had 2 steps, {SECOND} to {THIRD}, unknown here\\); "
        "install that version or restore a backup made before"
    )
    with pytest.raises(DatabaseTooNew, match=expected):
        await check_version(bare, steps="beach_steps")
    with pytest.raises(DatabaseTooNew, match=expected):
        await migrate(bare, steps="beach_steps")


async def test_a_step_that_the_version_before_could_not_bear_is_not_taken_while_that_one_serves(bare, steps):
    _write(steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))", stops="on an empty database nobody minds")
    assert await migrate(bare, steps="beach_steps", others_serve=True) == (FIRST,)
    _write(steps, SECOND, "CREATE TABLE crab (name VARCHAR(20))")
    _write(steps, THIRD, "DROP TABLE shell", stops="shells are crabs")
    with pytest.raises(OthersServe, match=f"after {THIRD}: shells are crabs; stop every .* `parvis migrate --stopped`"):
        await migrate(bare, steps="beach_steps", others_serve=True)
    assert (await version(bare, Chain(steps="beach_steps"))).missing == (SECOND, THIRD)
    assert await migrate(bare, steps="beach_steps") == (SECOND, THIRD)


async def test_a_step_waits_for_a_table_in_use_without_making_others_wait(bare, steps, monkeypatch, on_postgres):
    """A report that reads for a minute, then the step, then every page: in one line behind each other."""
    if not on_postgres:
        pytest.skip("SQLite has one writer, who waits for no reader")
    monkeypatch.setattr(migrating, "LOCK_SECONDS", 1)
    monkeypatch.setattr(migrating, "BETWEEN_TRIES", 0.1)
    _write(steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))")
    await migrate(bare, steps="beach_steps")
    _write(steps, SECOND, "ALTER TABLE shell ADD COLUMN colour VARCHAR(20)")
    reading = await asyncpg.connect(**bare.config)
    try:
        async with reading.transaction():
            await reading.execute("SELECT * FROM shell")
            step = asyncio.create_task(migrate(bare, steps="beach_steps"))
            for _ in range(3):  # requests are answered meanwhile, also while the step waits for its lock
                async with asyncio.timeout(60):
                    await Migration.raw("SELECT * FROM shell")
                await asyncio.sleep(0.7)
            assert not step.done()
        assert await step == (SECOND,)
    finally:
        await reading.close()


def test_a_step_that_waits_for_who_waits_for_it_is_tried_again():
    error = DatabaseAway("town: deadlock detected")
    error.__cause__ = asyncpg.DeadlockDetectedError("deadlock detected")
    assert is_locked(error)


async def test_indexes_are_made_while_others_read(bare, monkeypatch, on_postgres):
    if not on_postgres:
        pytest.skip("whoever reads SQLite waits for nobody")
    columns = import_module("parvis.db.migrations.parvis_2026_12_01t06_00_00_000000").WHOLE.values()
    closed, raw = [], Migration.raw
    held = "SELECT 1 FROM pg_locks WHERE relation = 'service_request'::regclass AND mode = 'AccessExclusiveLock'"

    async def watched(sql, *args):
        if sql.startswith("CREATE INDEX") and any(each in sql for each in columns) and await raw(held):
            closed.append(sql)
        return await raw(sql, *args)

    bind(bare)
    monkeypatch.setattr(Migration, "raw", watched)
    await migrate(bare)
    assert closed == []
    names = {each["name"] for each in await raw("SELECT indexname AS name FROM pg_indexes")}
    assert {"service_request_closed", "service_request_closed_whole"} & names == {"service_request_closed_whole"}


async def test_a_database_that_lacks_a_step_says_what_to_run(bare, steps):
    _write(steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))")
    await migrate(bare, steps="beach_steps")
    _write(steps, SECOND, "CREATE TABLE crab (name VARCHAR(20))")
    with pytest.raises(DatabaseTooOld, match=f"the database lacks {SECOND}; run `parvis migrate`"):
        await check_version(bare, steps="beach_steps")


async def test_migrating_prints_nothing(bare, steps, capsys):
    _write(steps, FIRST, "CREATE TABLE shell (name VARCHAR(20))")
    await migrate(bare, steps="beach_steps")
    assert capsys.readouterr() == ("", "")


def _path(steps: Path, identifier: str) -> Path:
    return steps / f"step_{identifier[:10].replace('-', '_')}.py"


def _write(steps: Path, identifier: str, *statements: str, stops: str = "") -> None:
    """A step as Piccolo writes it, with raw statements."""
    _path(steps, identifier).write_text(
        textwrap.dedent(
            f"""
            from piccolo.apps.migrations.auto.migration_manager import MigrationManager
            from piccolo.apps.migrations.tables import Migration

            ID = "{identifier}"
            VERSION = "1.38.0"
            DESCRIPTION = ""
            STOP_FIRST = "{stops}"

            async def forwards():
                manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

                async def run():
                    for statement in {statements!r}:
                        await Migration.raw(statement)

                manager.add_raw(run)
                return manager
            """
        )
    )
    sys.modules.pop(f"beach_steps.{_path(steps, identifier).stem}", None)


def test_no_code_formatter_is_loaded_to_look_at_the_database():
    look = "import sys, parvis.db.migrating; print('black' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"
