"""What holds for every module holds for public requests."""

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.db.migrating import migrate
from parvis.db.tables import ModuleSwitch
from parvis.identifiers import new_id
from parvis.modules import NO_MODULES
from parvis_public_requests.tables import PageReport
from parvis_testing.module_contract import ModuleContract, migrating

ONE = "/bureau/pages-publiques/{id}"


class TestPublicRequests(ModuleContract):
    name = "public_requests"
    once_ours = ("page_report",)
    opened_by = {
        ("GET", "/bureau/pages-publiques"): {"amend"},
        ("POST", ONE): {"amend"},
    }

    async def fill(self):
        await PageReport.insert(
            PageReport(id=new_id(), jurisdiction="parvis", page="/fr/", why="other", made_at=clock.now())
        )


async def switched(url, modules, *before):
    """What the database says of the module once its steps are taken, after `before` was made in the core’s."""
    async with migrating(url, modules) as engine:
        await migrate(engine, NO_MODULES)
        for make in before:
            async with transaction(engine):
                await make()
        await migrate(engine, modules)
        rows = await ModuleSwitch.select().where(ModuleSwitch.module == "public_requests").order_by(ModuleSwitch.number)
        return [(row["jurisdiction"], row["state"], row["by"]) for row in rows]


async def say_off():
    row = {"number": 1, "jurisdiction": "parvis", "module": "public_requests", "state": "off", "by": "Ana"}
    await ModuleSwitch.insert(ModuleSwitch(id=new_id(), why="", at=clock.now(), **row))


@pytest.mark.both_engines
async def test_a_database_that_had_the_list_keeps_it_and_a_new_one_waits_until_somebody_says_so(own_url, modules):
    assert await switched(own_url, modules, PageReport.create_table) == [("*", "on", "migration")]


@pytest.mark.both_engines
async def test_a_new_database_has_the_module_nowhere(own_url, modules):
    assert await switched(own_url, modules) == []


@pytest.mark.both_engines
async def test_what_somebody_has_said_of_the_module_is_not_overruled(own_url, modules):
    assert await switched(own_url, modules, PageReport.create_table, say_off) == [("parvis", "off", "Ana")]
