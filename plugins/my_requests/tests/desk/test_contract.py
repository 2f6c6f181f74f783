"""The contract of modules holds for a resident’s own space, and an older database works on as it was."""

from uuid import UUID

import pytest
from piccolo.apps.migrations.tables import Migration

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.migrating import migrate
from parvis.db.people_tables import OneTimeLink
from parvis.db.tables import ModuleSwitch
from parvis.modules import NO_MODULES
from parvis.people.one_time_links import LINK_LASTS, use_link
from parvis.people.sessions import digest_of
from parvis_my_requests.sessions import LINK, owner_of
from parvis_my_requests.tables import OwnKey
from parvis_testing.module_contract import ModuleContract, migrating

ZOE = "zoe@exemple.ca"
REQUEST = UUID(int=7)
STEP_OF_THE_CORE = "2026-11-30T16:10:00:000000"


async def put(kind, token, request=None):
    """A row as the core wrote it."""
    now = clock.now()
    row = {"token_digest": digest_of(token), "kind": kind, "jurisdiction": "parvis", "email": ZOE, "language": "fr"}
    row |= {"made_at": now, "seen_at": now, "ends_at": now + LINK_LASTS, "device": "", "request": request}
    await insert_values(OwnKey, row)


class TestMyRequests(ModuleContract):
    name = "my_requests"
    once_ours = ("own_key",)

    async def fill(self):
        await put("session", "one")


@pytest.mark.both_engines
async def test_links_and_sessions_of_before_go_on_and_the_space_stays_on(own_url, modules):
    async with migrating(own_url, modules) as engine:
        await migrate(engine, NO_MODULES)
        async with transaction(engine):
            await OwnKey.create_table()
            await OneTimeLink.alter().drop_table()
            await Migration.delete().where(Migration.name == STEP_OF_THE_CORE)
            await put("session", "session")
            await put("link", "mailed")
            await put("request", "of a request", REQUEST)
        await migrate(engine, modules)
        assert (await owner_of(engine, "parvis", "session")).email == ZOE
        assert await OwnKey.count() == 1
        assert (await use_link(engine, LINK, "parvis", "mailed")).sent_to == ZOE
        used = await use_link(engine, "request", "parvis", "of a request")
        assert (used.request, used.sent_to) == (REQUEST, ZOE)
        said = await ModuleSwitch.select().where(ModuleSwitch.module == "my_requests")
        assert [(row["jurisdiction"], row["state"], row["by"]) for row in said] == [("*", "on", "migration")]


async def test_what_a_process_of_before_still_writes_among_sessions_opens_none(database):
    """The link cannot be put into the cookie of a session by somebody who reads it in a mailbox or its copy."""
    async with transaction(database):
        for kind in ("session", "link", "request"):
            await put(kind, kind, REQUEST if kind == "request" else None)
    owner = await owner_of(database, "parvis", "session")
    assert (owner.email, owner.other_sessions) == (ZOE, 0)
    assert [await owner_of(database, "parvis", token) for token in ("link", "request")] == [None, None]


@pytest.mark.both_engines
async def test_a_new_database_has_the_space_nowhere(own_url, modules):
    async with migrating(own_url, modules) as engine:
        await migrate(engine, NO_MODULES)
        await migrate(engine, modules)
        assert await ModuleSwitch.select().where(ModuleSwitch.module == "my_requests") == []
