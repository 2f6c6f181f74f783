"""A beach with pebbles: two throw-away tables on either engine, apart from the house's own tables."""

import shutil
import subprocess
import uuid

import pytest
from piccolo.columns import UUID, ForeignKey, Integer, Timestamptz, Varchar
from piccolo.table import Table

from parvis.db import bind, open_engine, unit
from parvis.identifiers import new_id


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
    if on_postgres:
        server = request.getfixturevalue("postgres_server")
        name = f"empty_{uuid.uuid4().hex[:12]}"
        psql = [
            server.binaries / "psql",
            "-q",
            "-h",
            "127.0.0.1",
            "-p",
            str(server.port),
            "-U",
            "parvis",
            "postgres",
            "-c",
        ]
        subprocess.run([*psql, f"CREATE DATABASE {name}"], check=True)
        yield f"{server.url}/{name}"
        subprocess.run([*psql, f"DROP DATABASE {name} WITH (FORCE)"], check=True)
    else:
        yield f"sqlite:///{tmp_path}/a folder/beach.sqlite"
        shutil.rmtree(tmp_path / "a folder", ignore_errors=True)


@pytest.fixture
async def engine(empty_url):
    """A started engine with the two tables and one empty beach, 'Oka'."""
    engine = open_engine(empty_url, connections=6)
    bind(engine, [Beach, Pebble])
    try:
        if engine.engine_type == "sqlite":
            await engine.create()
        await engine.start()
        async with unit(engine):
            await Beach.create_table()
            await Pebble.create_table()
            await Beach.insert(Beach(name="Oka"))
        yield engine
    finally:
        await engine.close()
