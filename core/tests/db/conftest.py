"""A beach with pebbles: two throw-away tables on either engine, apart from the host's own tables."""

import os

import pytest
from piccolo.columns import UUID, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db import transaction
from parvis.db.binding import bind, open_engine
from parvis.identifiers import new_id

collect_ignore = ["test_sqlite.py" if os.environ.get("PARVIS_TEST_POSTGRES") == "1" else "test_postgres.py"]


class Beach(Table):
    id = UUID(primary_key=True, default=new_id)
    name = Varchar(length=50, unique=True)
    pebbles = Integer(default=0)


class Pebble(Table):
    id = UUID(primary_key=True, default=new_id)
    beach = ForeignKey(Beach)
    found_at = Timestamptz(null=True, default=None)


@pytest.fixture
def beaches():
    return Beach


@pytest.fixture
def pebbles():
    return Pebble


@pytest.fixture
def empty_url(on_postgres, request, tmp_path):
    """The URL of a database without any table; on SQLite, of a file that is not there yet."""
    if not on_postgres:
        return f"sqlite:///{tmp_path}/a folder/beach.sqlite"
    server = request.getfixturevalue("beach_server")
    server.execute("beach", "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return f"{server.url}/beach"


@pytest.fixture(scope="session")
def beach_server(postgres_server):
    postgres_server.execute("postgres", "CREATE DATABASE beach")
    return postgres_server


@pytest.fixture
async def engine(empty_url):
    """A started engine with the two tables and one empty beach, 'Oka'."""
    engine = open_engine(empty_url, connections=6)
    bind(engine, [Beach, Pebble])
    try:
        if engine.engine_type == "sqlite":
            await engine.create()
        await engine.start()
        async with transaction(engine):
            await Beach.create_table()
            await Pebble.create_table()
            await Beach.insert(Beach(name="Oka"))
        yield engine
    finally:
        await engine.close()
