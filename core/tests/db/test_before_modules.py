"""A database from before modules opens with everything in it, on both engines, and has the tables of a fresh one.

`before_modules` holds one of each engine, made by commit 5ec4668e, the last before modules: three reports of a
pothole, one of them assigned, and an agent who is away.
"""

import gzip
import re
from pathlib import Path

import pytest
from piccolo.apps.migrations.tables import Migration
from piccolo.table import Table

from parvis.db import DatabaseTooOld, transaction
from parvis.db.binding import bind, open_engine
from parvis.db.every_table import TABLES
from parvis.db.migrating import check_version, migrate, version
from parvis.db.people_tables import Delegation
from parvis.db.tables import ModuleSwitch
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.requests.history import broken_at, entries_of
from parvis.requests.records import find
from parvis.settings import Settings
from parvis.switches import EVERYWHERE

pytestmark = pytest.mark.both_engines

HERE = Path(__file__).parent / "before_modules"
REFERENCES = {"sqlite": "VV1B-QM75-V", "postgres": "RKRQ-HJ8P-H"}
ON_SQLITE = """
SELECT m.tbl_name AS "table", m.type AS kind, m.name AS of, c.name, c.type, c."notnull", c.dflt_value, c.pk,
    CASE WHEN m.type = 'table' THEN '' ELSE m.sql END AS sql
FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c ON m.type = 'table' WHERE m.name NOT LIKE 'sqlite_%'"""
ON_POSTGRES = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, '' AS sql
FROM information_schema.columns WHERE table_schema = 'public'
UNION SELECT tablename, indexname, '', 0, '', '', indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION SELECT conrelid::regclass::text, conname, '', 0, '', '', pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'"""
CASTS = re.compile(r"::(?:text|character varying)(?:\[\])?|[()]")
"""What PostgreSQL writes in other places once an index was dumped and made again."""


@pytest.fixture
def before(empty_url, on_postgres, request):
    """The URL of a database as the earlier code left it."""
    if on_postgres:
        request.getfixturevalue("beach_server").execute(
            "beach", gzip.decompress((HERE / "town.sql.gz").read_bytes()).decode()
        )
    else:
        file = Path(empty_url.removeprefix("sqlite:///"))
        file.parent.mkdir(parents=True)
        file.write_bytes(gzip.decompress((HERE / "town.sqlite.gz").read_bytes()))
    return empty_url


@pytest.fixture
async def engine(before):
    engine = open_engine(before)
    bind(engine)
    await engine.start()
    yield engine
    await engine.close()


async def shape(table: type[Table] = Migration) -> set[tuple[str, ...]]:
    """Every table, column and index of a database, in any order."""
    rows = await table.raw(ON_POSTGRES if table._meta.db.engine_type == "postgres" else ON_SQLITE)
    return {tuple(CASTS.sub("", " ".join(str(value).split())) for value in row.values()) for row in rows}


async def test_it_says_what_to_run_and_then_opens_with_everything_that_is_in_it(before, tmp_path, on_postgres):
    settings = Settings(
        territory=town_folder(), secret_key="a secret of thirty-two characters", data=tmp_path, database=before
    )
    with pytest.raises(DatabaseTooOld, match="run `parvis migrate`"):
        async with open_deployment(settings, []):
            pass
    async with open_deployment(settings, [], migrating=True) as deployment:
        record = await find(deployment.host, REFERENCES["postgres" if on_postgres else "sqlite"])
        assert record is not None
        assert (record.type, record.unit, record.answers["size"]) == ("pothole", "roads", "large")
        assert next(each.kind for each in await entries_of(record)) == "submitted"
        assert await broken_at(record) is None
    async with open_deployment(settings, []):
        pass


async def test_every_step_of_before_counts_as_taken_and_what_becomes_a_module_is_on(engine):
    assert len(await Migration.get_migrations_which_ran("parvis")) == 100
    taken = await migrate(engine)
    found = await version(engine)
    assert taken == found.known
    assert found.missing == found.foreign == ()
    assert await migrate(engine) == ()
    said = await ModuleSwitch.select()
    assert {(each["jurisdiction"], each["state"], each["by"]) for each in said} == {(EVERYWHERE, "on", "migration")}
    assert {"absences", "checklists", "connectors", "fees", "incidents", "interests"} <= {
        each["module"] for each in said
    }


@pytest.fixture
def fresh_url(on_postgres, request, tmp_path):
    """The URL of a second database, without any table."""
    if not on_postgres:
        yield f"sqlite:///{tmp_path}/fresh.sqlite"
        return
    server = request.getfixturevalue("beach_server")
    server.execute("postgres", "CREATE DATABASE fresh")
    yield f"{server.url}/fresh"
    server.execute("postgres", "DROP DATABASE fresh WITH (FORCE)")


async def test_it_has_the_tables_and_indexes_of_a_fresh_one(engine, fresh_url):
    await migrate(engine)
    old = await shape()
    said = await Delegation.select()
    assert len(said) == 1
    fresh = open_engine(fresh_url)
    bind(fresh)
    await migrate(fresh)
    new = await shape()
    assert await ModuleSwitch.select() == []
    await fresh.close()
    ours = {table for table, *_ in new}
    old = {row for row in old if row[0] in ours}  # the others are left to modules, which take them over
    assert old - new == set()
    assert new - old == set()


async def test_one_that_has_had_some_of_the_steps_says_which_version_to_install_first(engine):
    async with transaction(engine):
        await Migration.delete().where(Migration.name == "2026-11-29T13:00:00:000000")
    said = "has had 99 of the 100 steps .* install Parvis 0.1.0 as it was before modules"
    for ask in (check_version, migrate):
        with pytest.raises(DatabaseTooOld, match=said):
            await ask(engine)
    assert {table._meta.tablename for table in TABLES} >= {"module_switch"}
