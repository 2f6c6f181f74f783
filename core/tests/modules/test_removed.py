"""A module that was removed is not deaf: what it wrote is erased, kept, given to its person and called as it said."""

import dataclasses
import sys

import pytest

from parvis.db import transaction
from parvis.db.tables import Memory
from parvis.modules import NO_MODULES, NOTHING_PERSONAL, Module, registry_of
from parvis.outbox import memory
from parvis.plugins.module_discovery import working
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, change
from parvis.requests.erasure_rules import forget_account, told_besides
from parvis.requests.former_modules import FormerModules, keep_plans, plan_of
from parvis.requests.history import Line
from parvis.requests.keeping.retention import erase, unsettled
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.switches import Switchboard
from parvis_sdk.text import Text

ERASING = '''
    """What goes with a request, and with an account."""

    from parvis.requests.personal import ErasureRule, Personal

    ERASURE = ErasureRule(
        personal=(Personal(table="memory", column="request", by="reference", blank={"value": ""}, told=("value",)),),
        needed=("SELECT r.id FROM service_request r JOIN memory m ON m.request = r.reference WHERE m.value = '7'",),
        closed=(Personal(table="memory", column="key"),),
    )
'''
WORDS = '''
    """How its entries are called."""

    from parvis.requests.entry_words import EntryWords
    from parvis_sdk.text import Text

    WORDS = EntryWords(titles={"tide": Text(fr="Marée\\u00a0: {height}, {wind}", en="Tide: {height}, {wind}")})
'''


@pytest.fixture
async def removed(town, written):
    """The town of an installation whose module of tides wrote something and was then uninstalled."""
    written("parvis_tide/erasing.py", ERASING)
    written("parvis_tide/words.py", WORDS)
    title = Text(fr="Marées", en="Tides")
    module = Module(name="tide", title=title, summary=title, personal="parvis_tide.erasing", words="parvis_tide.words")
    registry = registry_of([module])
    assert await keep_plans(town.host.engine, registry) == 1
    assert await keep_plans(town.host.engine, registry) == 0
    for name in ("parvis_tide.erasing", "parvis_tide.words"):
        sys.modules.pop(name, None)
    town = dataclasses.replace(town, host=dataclasses.replace(town.host, modules=Switchboard(NO_MODULES)))
    await town.host.of(FormerModules).look(NO_MODULES)
    return town


async def tided(town, value: int) -> str:
    reference = (await town.submit()).reference

    async def plan(here):
        return Change(line=Line(kind="tide", audience="public", body={"height": "2 m"}))

    await change(town.host, reference, plan, actor=SYSTEM)
    async with transaction(town.host.engine):
        await memory.remember("tide", "height", value, reference=reference)
    return reference


async def test_what_it_needs_is_kept_and_what_is_personal_goes(removed):
    needed, free = await tided(removed, 7), await tided(removed, 5)
    ids = [(await removed.record(each)).id for each in (needed, free)]
    assert await unsettled(removed.host, ids) == {ids[0]}
    assert await erase(removed.host, free, actor=SYSTEM) is not None
    assert "parvis_tide.erasing" not in sys.modules
    assert [row["value"] for row in await Memory.select().where(Memory.request == free)] in ([], [""])


async def test_what_somebody_kept_for_themselves_goes_with_their_account(removed):
    for account in ("ana", "paul"):
        async with transaction(removed.host.engine):
            await memory.remember("tide", account, 2)
    await forget_account(removed.host, "ana")
    assert [row["key"] for row in await Memory.select().where(Memory.value == "2")] == ["paul"]


async def test_its_person_is_given_what_it_kept(removed):
    reference = await tided(removed, 5)
    told = await told_besides(removed.host, await removed.record(reference))
    assert [row["value"] for row in told["memory"]] == ["5"]


async def test_its_entries_are_called_as_it_called_them(removed):
    record = await removed.record(await tided(removed, 5))
    for language, title in (("fr", "Marée\u00a0: 2 m, …"), ("en", "Tide: 2 m, …")):
        assert (await story(removed.host, record, HOLDER, language))[-1].title == title


async def test_a_plan_whose_tables_were_taken_away_asks_for_nothing(town, written):
    written("parvis_tide/erasing.py", ERASING.replace('table="memory"', 'table="tide_gone"'))
    title = Text(fr="Marées", en="Tides")
    registry = registry_of([Module(name="tide", title=title, summary=title, personal="parvis_tide.erasing")])
    await keep_plans(town.host.engine, registry)
    await town.host.of(FormerModules).look(NO_MODULES)
    assert town.host.of(FormerModules).plans == ()


async def test_while_it_is_here_its_code_is_asked(removed, hearings):
    former = removed.host.of(FormerModules)
    assert [plan.module for plan in former.plans] == ["tide"]
    title = Text(fr="Marées", en="Tides")
    await former.look(registry_of([Module(name="tide", title=title, summary=title)]))
    assert former.plans == ()
    assert plan_of(hearings.modules[0]).kinds == {"hearing": Text(fr="Audience publique", en="Public hearing")}


def test_a_module_that_names_a_file_without_what_it_must_say_is_left_out(written):
    written("parvis_tide/nothing.py", "TIDES = 3")
    title = Text(fr="Marées", en="Tides")
    for field, noun in (("personal", "ERASURE"), ("words", "WORDS"), ("part_kinds", "PART_KINDS")):
        module = Module(name="tide", title=title, summary=title, **{field: "parvis_tide.nothing"})
        [trouble] = working(registry_of([module])).troubles
        assert trouble.what.en == f"parvis_tide.nothing has no {noun}"


def test_a_module_with_tables_says_what_is_personal_in_them_if_only_that_nothing_is():
    title = Text(fr="Marées", en="Tides")
    given = {"name": "tide", "title": title, "summary": title, "tables": "parvis_tide.t", "steps": "parvis_tide.m"}
    [trouble] = registry_of([Module(**given)]).troubles
    assert trouble.what.en == "it names tables and does not say what is personal in them"
    assert "NOTHING_PERSONAL" in trouble.now_what.fr
    registry = registry_of([Module(**given, personal=NOTHING_PERSONAL)])
    assert registry.troubles == ()
    assert registry.packages("personal") == {}
