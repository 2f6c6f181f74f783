"""What a module says of requests is obeyed like the core's own: what is erased, what is needed, words of entries."""

import dataclasses
import re
from pathlib import Path

import pytest

import parvis.requests
from parvis.db import transaction
from parvis.db.tables import Memory
from parvis.modules import Module, registry_of
from parvis.outbox import memory
from parvis.requests import entry_words, erasure_rules
from parvis.requests.actors import SYSTEM
from parvis.requests.changing import Change, change
from parvis.requests.history import Line
from parvis.requests.keeping.retention import erase, unsettled
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.switches import Switchboard
from parvis_sdk.text import Text


@pytest.fixture
def tidal(town, written):
    """The town with a module that notes tides, in a table that is there already."""
    written(
        "parvis_tide/erasing.py",
        '''
        """What goes with a request."""

        from parvis.requests.personal import ErasureRule, Personal

        ERASURE = ErasureRule(
            personal=(Personal(table="memory", column="request", by="reference", blank={"value": ""}),),
            needed=("SELECT r.id FROM service_request r JOIN memory m ON m.request = r.reference WHERE m.value = '7'",),
        )
        ''',
    )
    written(
        "parvis_tide/words.py",
        '''
        """How its entries are called."""

        from parvis.requests.entry_words import EntryWords
        from parvis_sdk.text import Text

        WORDS = EntryWords(
            titles={"tide": Text(fr="Marée\\u00a0: {height}", en="Tide: {height}")},
            values=lambda entry: {"height": entry.body["height"]},
        )
        ''',
    )
    module = Module(
        name="tide",
        title=Text(fr="Marées", en="Tides"),
        summary=Text(fr="Note la hauteur de l’eau.", en="Notes how high the water stands."),
        personal="parvis_tide.erasing",
        words="parvis_tide.words",
    )
    registry = registry_of([module])
    assert not registry.troubles
    return dataclasses.replace(town, host=dataclasses.replace(town.host, modules=Switchboard(registry)))


async def noted(town, reference: str, value: int) -> None:
    async with transaction(town.host.engine):
        await memory.remember("tide", "height", value, reference=reference)


async def test_what_a_module_needs_is_not_erased_and_what_is_personal_in_it_goes(tidal):
    reference = (await tidal.submit()).reference
    await noted(tidal, reference, 7)
    record = await tidal.record(reference)
    assert await unsettled(tidal.host, [record.id]) == {record.id}
    async with transaction(tidal.host.engine):
        await erasure_rules.forget(erasure_rules.part("parvis_tide.erasing").ERASURE.personal[0], record)
    assert [row["value"] for row in await Memory.select().where(Memory.request == reference)] == [""]
    assert await unsettled(tidal.host, [record.id]) == frozenset()
    assert await erase(tidal.host, reference, actor=SYSTEM) is not None


async def test_the_entries_of_a_module_are_called_by_its_words_and_by_their_kind_when_it_is_gone(tidal, town):
    reference = (await tidal.submit()).reference

    async def plan(here):
        return Change(line=Line(kind="tide", audience="public", body={"height": "2 m"}))

    await change(tidal.host, reference, plan, actor=SYSTEM)
    record = await tidal.record(reference)
    titles = [line.title for line in await story(tidal.host, record, HOLDER, "en")]
    assert titles[-1] == "Tide: 2 m"
    assert [line.title for line in await story(town.host, record, HOLDER, "en")][-1] == "tide"


@pytest.mark.parametrize(("name", "known"), [("ERASURE", erasure_rules.CORE), ("WORDS", entry_words.CORE)])
def test_every_room_that_says_something_of_requests_is_asked(name, known):
    folder = Path(parvis.requests.__file__).parent
    saying = {
        f"parvis.requests.{'.'.join(path.relative_to(folder).with_suffix('').parts)}"
        for path in folder.rglob("*.py")
        if re.search(rf"^{name} = E", path.read_text("utf-8"), re.MULTILINE)
    }
    assert saying == set(known)
    assert len(known) == len(set(known))


def test_no_kind_of_entry_has_two_owners():
    kinds = [kind for words in entry_words.entry_words(registry_of([])) for kind in (*words.titles, *words.made)]
    assert len(kinds) == len(set(kinds))
