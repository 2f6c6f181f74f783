"""A kind of part that a module brings: offered where somebody looks after it, left out or refused where nobody does."""

import dataclasses

import msgspec
import pytest

from parvis.modules import registry_of
from parvis.plugins.module_discovery import working
from parvis.requests.actors import Actor
from parvis.requests.declarations import Declarations, type_of_record
from parvis.requests.history import entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.lifecycle import make_move
from parvis.requests.offered import CORE_PARTS, not_whole, type_of, types_of
from parvis.requests.parts.together import core_kinds, standing_facts
from parvis.requests.records import Record
from parvis.switches.deciding import decide
from parvis_sdk.parts import UnknownPart
from parvis_sdk.request_types import PARTS
from parvis_sdk.workflow import Denied
from parvis_testing.hearings import LENIENT, ZONING, Hearing, switched, without_module
from parvis_testing.town import HOLE

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


@pytest.fixture
def town(town_of, hearings):
    town = town_of(ZONING, LENIENT, HOLE)
    town.host = switched(town.host, hearings, "hearings")
    town.counter = type(town.counter)(town.host)
    return town


def offered(host) -> list[str]:
    return sorted(request_type.code for request_type in types_of(host, host.jurisdictions.jurisdiction("parvis")))


async def test_a_kind_that_a_module_brings_lives_like_any_other(town):
    reference = (await town.submit("zoning", answers={})).reference
    refused = await make_move(town.host, reference, "decide", {}, actor=ANA, mover="agent")
    assert isinstance(refused, Denied)
    assert "Hearing announced" in refused.reason.en
    record = await make_move(town.host, reference, "announce", {}, actor=ANA, mover="agent")
    assert isinstance(record, Record)
    assert (await entries_of(record))[-1].body["facts"] == ["hearing.public.announced"]
    town.host.of(Declarations).by_digest.clear()
    request_type = await type_of_record(town.host, record)
    assert request_type.of(Hearing) == ZONING.parts
    assert await standing_facts(town.host, record, request_type) == {"hearing.public.announced"}
    assert isinstance(await make_move(town.host, reference, "decide", {}, actor=ANA, mover="agent"), Record)
    await erase(town.host, reference, actor=ANA)
    assert await standing_facts(town.host, record, request_type) == frozenset()


async def test_a_type_that_lacks_what_it_requires_is_not_offered_and_the_operator_reads_why(town):
    parvis = town.host.jurisdictions.jurisdiction("parvis")
    assert offered(town.host) == ["hole", "lenient", "zoning"]
    assert not_whole(town.host, parvis) == {}
    bare = without_module(town.host)
    assert offered(bare) == ["hole", "lenient"]
    assert type_of(bare, parvis, "zoning") is None
    assert not_whole(bare, parvis) == {"zoning": {"hearing"}}


async def test_a_type_does_without_what_is_optional(town):
    bare = without_module(town.host)
    request_type = type_of(bare, bare.jurisdictions.jurisdiction("parvis"), "lenient")
    assert request_type is type_of(bare, bare.jurisdictions.jurisdiction("parvis"), "lenient")
    assert (request_type.parts, request_type.workflow.transition("decide").needs) == ((), ())
    town.host, town.counter = bare, type(town.counter)(bare)
    reference = (await town.submit("lenient", answers={})).reference
    assert isinstance(await make_move(bare, reference, "decide", {}, actor=ANA, mover="agent"), Record)


async def test_a_request_goes_on_without_the_module_as_far_as_it_needs_nothing_of_it(town):
    reference = (await town.submit("zoning", answers={})).reference
    bare = without_module(town.host)
    for move in ("announce", "decide"):
        refused = await make_move(bare, reference, move, {}, actor=ANA, mover="agent")
        assert isinstance(refused, Denied)
        assert "not in use here" in refused.reason.en or "not installed here" in refused.reason.en
    request_type = await type_of_record(bare, await town.record(reference))
    assert [part.code for part in request_type.of(UnknownPart)] == ["public"]
    assert isinstance(await make_move(bare, reference, "close", {}, actor=ANA, mover="agent"), Record)


async def test_a_kind_of_part_is_one_modules(hearings):
    (first,) = hearings.modules
    other = msgspec.structs.replace(first.module, name="audiences")
    both = working(registry_of([first.module, other]), CORE_PARTS)
    assert [each.name for each in both.modules] == ["audiences"]
    assert "'hearing' is already audiences’s" in both.troubles[0].what.en
    taken = working(hearings, {*CORE_PARTS, "hearing"})
    assert taken.modules == ()
    assert "Parvis’s" in taken.troubles[0].what.en


def test_every_kind_of_the_sdk_has_somebody_in_the_core():
    assert {kind.word: kind.noun for kind in core_kinds()} == {word: PARTS[word] for word in CORE_PARTS}


async def test_a_module_that_is_off_in_a_town_is_as_if_it_were_not_there_but_not_deaf(town, hearings):
    reference = (await town.submit("zoning", answers={})).reference
    record = await make_move(town.host, reference, "announce", {}, actor=ANA, mover="agent")
    off = switched(town.host, hearings)
    assert offered(off) == ["hole", "lenient"]
    request_type = await type_of_record(off, record)
    assert request_type.of(Hearing) == ZONING.parts
    assert await standing_facts(off, record, request_type) == frozenset()
    refused = await make_move(off, reference, "announce", {}, actor=ANA, mover="agent")
    assert refused.reason.en == "“Public hearing” depends on a module that is not in use here."
    assert await standing_facts(town.host, record, request_type) == {"hearing.public.announced"}
    await erase(off, reference, actor=ANA)
    assert await standing_facts(town.host, record, request_type) == frozenset()


async def test_a_module_that_is_closing_goes_on_with_what_it_has_and_takes_nothing_new(town, hearings):
    reference = (await town.submit("zoning", answers={})).reference
    closing = switched(town.host, hearings)
    parvis = msgspec.structs.replace(closing.jurisdictions.jurisdiction("parvis"), modules=None)
    towns = closing.jurisdictions.by_code | {"parvis": parvis}
    jurisdictions = msgspec.structs.replace(closing.jurisdictions, by_code=towns)
    closing = dataclasses.replace(closing, jurisdictions=jurisdictions)
    await decide(
        closing.engine, closing.modules, jurisdiction="parvis", module="hearings", state="closing", by="ana", why="Fini"
    )
    assert offered(closing) == ["hole", "lenient"]
    assert isinstance(await make_move(closing, reference, "announce", {}, actor=ANA, mover="agent"), Record)
