"""A request whose module is switched off or removed is freed by an entry that says who and why, and nothing is lost."""

import dataclasses
from datetime import timedelta

import pytest

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.declarations import Declarations
from parvis.requests.freeing import free, free_switched_off
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.switches import Switchboard
from parvis.switches.deciding import decide
from parvis_sdk.workflow import Denied
from parvis_testing.hearings import LENIENT, ZONING, as_decided, without_module
from parvis_testing.town import HOLE

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


@pytest.fixture
async def town(town_of, hearings):
    town = town_of(ZONING, LENIENT, HOLE)
    town.host = as_decided(town.host, hearings)
    town.counter = type(town.counter)(town.host)
    await said_of(town.host, "on")
    return town


async def said_of(host, state, why="", by="Karim Diallo"):
    await decide(host.engine, host.modules, jurisdiction="parvis", module="hearings", state=state, by=by, why=why)


async def moved(host, reference, move):
    return await make_move(host, reference, move, {}, actor=ANA, mover="agent")


async def test_who_switches_a_module_off_frees_what_is_open_for_their_reason(town):
    waiting, other = [(await town.submit("zoning", answers={})).reference for _ in range(2)]
    plain = (await town.submit("hole")).reference
    assert await free_switched_off(town.host) == 0
    await moved(town.host, other, "close")
    await said_of(town.host, "off", why="Le contrat a pris fin")
    assert isinstance(await moved(town.host, waiting, "decide"), Denied)
    assert await free_switched_off(town.host) == 1
    assert await free_switched_off(town.host) == 0
    record = await town.record(waiting)
    line = (await story(town.host, record, town.agent(), "fr"))[-1]
    assert (line.kind, line.who, line.words) == ("freed", "Karim Diallo", "Le contrat a pris fin")
    assert line.title == "La requête continue sans\u00a0: Audience publique"
    assert [line.kind for line in await story(town.host, await town.record(plain), town.agent(), "fr")] == ["submitted"]
    assert isinstance(await moved(town.host, waiting, "decide"), Record)
    with clock.moved_to(clock.now() + timedelta(minutes=2)):
        assert await free_switched_off(town.host) == 0


async def test_those_that_were_freed_before_keep_no_other_waiting_when_it_is_switched_off_again(town, monkeypatch):
    monkeypatch.setattr("parvis.requests.freeing.BATCH", 1)
    await town.submit("zoning", answers={})
    await said_of(town.host, "off", why="Fini")
    assert await free_switched_off(town.host) == 1
    await said_of(town.host, "on")
    await town.submit("zoning", answers={})
    await said_of(town.host, "off", why="Fini encore")
    assert await free_switched_off(town.host) == 1
    assert await free_switched_off(town.host) == 0


async def test_what_is_opened_again_after_the_switch_is_freed_too(town):
    reference = (await town.submit("zoning", answers={})).reference
    await moved(town.host, reference, "close")
    await said_of(town.host, "off", why="Fini")
    assert await free_switched_off(town.host) == 0
    await moved(town.host, reference, "reopen")
    assert await free_switched_off(town.host) == 1


async def test_what_a_freed_step_did_not_bring_about_is_told_with_it(town):
    reference = (await town.submit("zoning", answers={})).reference
    await said_of(town.host, "off", why="Fini")
    await free_switched_off(town.host)
    record = await moved(town.host, reference, "announce")
    assert isinstance(record, Record)
    entry = (await entries_of(record))[-1]
    assert (entry.body["without"], "facts" in entry.body) == (["hearing.public.announced"], False)
    assert "Made without: Public hearing" in (await story(town.host, record, town.agent(), "en"))[-1].words


async def test_on_again_the_condition_stands_as_it_did(town):
    reference = (await town.submit("zoning", answers={})).reference
    await said_of(town.host, "off", why="Fini")
    await free_switched_off(town.host)
    await said_of(town.host, "on", why="Reprise")
    refused = await moved(town.host, reference, "decide")
    assert "Hearing announced" in refused.reason.en
    assert isinstance(await moved(town.host, reference, "announce"), Record)
    assert isinstance(await moved(town.host, reference, "decide"), Record)


async def test_a_person_frees_a_request_of_a_module_that_was_removed(town):
    reference = (await town.submit("zoning", answers={})).reference
    refused = await free(town.host, reference, "Pour voir", actor=ANA)
    assert isinstance(refused, Denied)
    bare = without_module(town.host)
    assert isinstance(await free(bare, reference, "L’audience a eu lieu ailleurs", actor=ANA), Record)
    assert isinstance(await free(bare, reference, "Encore", actor=ANA), Denied)
    assert isinstance(await moved(bare, reference, "decide"), Record)
    assert "L’audience a eu lieu ailleurs" in [
        line.words for line in await story(bare, await town.record(reference), town.agent(), "fr")
    ]
    assert await erase(bare, reference, actor=ANA) is not None
    assert "L’audience" not in str([entry.personal for entry in await entries_of(await town.record(reference))])


async def test_a_town_whose_file_leaves_a_module_out_frees_nothing_by_itself(town, hearings):
    reference = (await town.submit("zoning", answers={})).reference
    await said_of(town.host, "off", why="Fini")
    host = dataclasses.replace(without_module(town.host), modules=Switchboard(hearings))
    host = host.without(Declarations)
    await host.modules.look()
    assert await free_switched_off(host) == 0
    assert isinstance(await moved(host, reference, "decide"), Denied)
