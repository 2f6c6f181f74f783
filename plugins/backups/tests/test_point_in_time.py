"""PostgreSQL goes back to a moment by itself, from a base backup and its archived log; then the register is obeyed."""

import asyncio
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from msgspec import structs

from parvis.cli.troubles import Unusable
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import migrate
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import SYSTEM
from parvis.requests.keeping.retention import erase
from parvis.requests.records import find
from parvis_backups.register import REGISTER, keep_register
from parvis_testing.databases import PostgresServer
from parvis_testing.machine import missing

pytestmark = pytest.mark.slow

ARCHIVED = """
wal_level = replica
archive_mode = on
archive_command = 'cp %p "{folder}/archive/%f"'
restore_command = 'cp "{folder}/archive/%f" %p'
recovery_target_name = 'moment'
recovery_target_action = 'promote'
"""


@pytest.fixture
def archiving(request, on_postgres):
    """A server of its own that archives its log, whatever the other tests run on: once is enough."""
    if on_postgres:
        pytest.skip("it is tried beside the tests on SQLite, on a server of its own")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda found: float(found.parent.name))
    if not installed and (initdb := shutil.which("initdb")):
        installed = [Path(initdb).resolve().parent]
    if not installed:
        missing(request.config, "PostgreSQL server")
    with tempfile.TemporaryDirectory(prefix="parvis-postgres-") as folder:
        server = PostgresServer(installed[-1], folder)
        as_owner(server, "mkdir", f"{folder}/archive")
        with Path(f"{folder}/data/postgresql.conf").open("a") as conf:
            conf.write(ARCHIVED.format(folder=folder))
        server.start()
        server.execute("postgres", "CREATE DATABASE town")
        try:
            yield server
        finally:
            server.end()


def as_owner(server, *command):
    subprocess.run(command, check=True, cwd=server.folder, stdout=subprocess.DEVNULL, **server.owner)


def back_to_the_moment(server):
    """The base backup in place of the data, and what the log says up to the moment."""
    server.stop()
    as_owner(server, "mv", f"{server.folder}/data", f"{server.folder}/lost")
    as_owner(server, "mv", f"{server.folder}/base", f"{server.folder}/data")
    as_owner(server, "touch", f"{server.folder}/data/recovery.signal")
    server.start()
    waiting = "DO $$ BEGIN WHILE pg_is_in_recovery() LOOP PERFORM pg_sleep(0.05); END LOOP; END $$"
    server.execute("postgres", waiting)


async def test_a_database_back_at_a_moment_loses_again_what_was_destroyed_since(here, archiving):
    here.settings = structs.replace(here.settings, database=f"{archiving.url}/town")
    engine = open_engine(here.settings.database)
    bind(engine, modules=here.modules)
    await migrate(engine, here.modules)
    await engine.close()
    async with here.opened() as deployment:
        kept, gone = await here.submit(deployment), await here.submit(deployment, photo=True)
        base = (
            archiving.binaries / "pg_basebackup",
            "-D",
            f"{archiving.folder}/base",
            "-d",
            archiving.url,
            "-X",
            "none",
            *("-c", "fast"),  # otherwise the server takes its time, two minutes, to write what is not on the disk yet
        )
        as_owner(archiving, *base)
        between = await here.submit(deployment)
        await ServiceRequest.raw("SELECT pg_create_restore_point('moment')")
        await erase(deployment.host, gone.reference, actor=SYSTEM)
        late = await here.submit(deployment)
        await keep_register(here.sets / REGISTER, deployment.host.secret)
        await ServiceRequest.raw("SELECT pg_switch_wal()")
    await asyncio.to_thread(back_to_the_moment, archiving)
    async with here.opened() as deployment:
        assert (await find(deployment.host, gone.reference)).erased_at is None  # it is there again
        assert await find(deployment.host, late.reference) is None
        with pytest.raises(Unusable, match="older than the register"):  # as workers say within a minute
            await keep_register(here.sets / REGISTER, deployment.host.secret)
    done = await here.restored()
    assert (done.lines, done.destroyed) == (1, (gone.reference,))
    async with here.opened() as deployment:
        for each in (kept, between):
            assert (await find(deployment.host, each.reference)).erased_at is None
        assert (await find(deployment.host, gone.reference)).erased_at is not None
        await keep_register(here.sets / REGISTER, deployment.host.secret)
