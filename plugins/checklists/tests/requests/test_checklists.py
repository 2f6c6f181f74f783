"""The checklist of a request: two colleagues at once, the story that it leaves, what becomes of it."""

import asyncio

import pytest

from parvis.requests.actors import SYSTEM, Actor
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.records import Record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER
from parvis.requests.work.conversation import note
from parvis_checklists.items import MOST, Edit, edit_checklist, items_of, own_line
from parvis_my_requests import archive
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

ANA, LUC = (Actor(kind="agent", id=name.lower(), name=name) for name in ("Ana", "Luc"))
LINES = (Text(fr="Photos regardées", en="Photos looked at"), Text(fr="Zoé Côté rappelée", en="Zoé Côté called"))


@pytest.fixture
async def begun(town):
    record = await edit_checklist(town.host, (await town.submit()).reference, Edit(added=LINES), actor=ANA)
    return record, await items_of(record)


async def test_two_who_tick_different_lines_at_once_both_have_ticked_them(town, begun):
    record, (first, second) = begun
    await asyncio.gather(
        edit_checklist(town.host, record.reference, Edit(ticked={first.id: True}), actor=ANA),
        edit_checklist(town.host, record.reference, Edit(ticked={second.id: True}), actor=LUC),
    )
    assert [(item.done_by, item.done_at is not None) for item in await items_of(record)] == [("Ana", 1), ("Luc", 1)]


async def test_of_two_who_tick_the_same_line_the_first_has_done_it(town, begun):
    record, (first, _) = begun
    await edit_checklist(town.host, record.reference, Edit(ticked={first.id: True}), actor=ANA)
    assert await edit_checklist(town.host, record.reference, Edit(ticked={first.id: True}), actor=LUC) is None
    assert (await items_of(record))[0].done_by == "Ana"


async def test_the_story_says_what_was_done_in_each_language_and_nothing_of_it_to_the_requester(town, begun):
    record, (first, second) = begun
    edit = Edit(ticked={first.id: True}, removed=[second.id], added=(own_line("  Appeler\n l’équipe "),))
    record = await edit_checklist(town.host, record.reference, edit, actor=ANA)
    line = (await story(town.host, record, town.agent("see", "work"), "en"))[-1]
    assert line.title == "Checklist: 1 of 2"
    assert line.words.split("\n") == [
        "Added: Appeler l’équipe",
        "Done: Photos looked at",
        "Removed: Zoé Côté called",
    ]
    assert "checklist" not in [line.kind for line in await story(town.host, record, HOLDER, "fr")]


async def test_a_line_once_done_can_be_to_do_again_and_a_ready_list_is_begun_once(town, begun):
    record, (first, _) = begun
    await edit_checklist(town.host, record.reference, Edit(ticked={first.id: True}), actor=ANA)
    await edit_checklist(town.host, record.reference, Edit(ticked={first.id: False}), actor=LUC)
    assert await edit_checklist(town.host, record.reference, Edit(added=LINES), actor=LUC) is None
    assert [item.done_at for item in await items_of(record)] == [None, None]


async def test_it_stands_in_nobodys_way(town, begun):
    record, (first, _) = begun
    await edit_checklist(town.host, record.reference, Edit(ticked={first.id: True}), actor=LUC)
    assert isinstance(await note(town.host, record.reference, "Vu", actor=ANA, expected=record.version), Record)


async def test_no_list_is_longer_than_what_one_page_shows(town, begun):
    record, _ = begun
    many = tuple(Text(fr=f"Ligne {number}") for number in range(MOST - 1))
    assert isinstance(await edit_checklist(town.host, record.reference, Edit(added=many), actor=ANA), Problems)
    assert len(await items_of(record)) == 2


async def test_erasure_takes_every_word_of_it_and_the_persons_archive_has_none(town, begun):
    record, _ = begun
    whole = await archive.gather(town.host, town.host.jurisdictions.jurisdiction(town.code), "zoe@exemple.ca", "fr")
    assert [each.shown.reference for each in whole.requests] == [record.reference]
    assert "Photos regardées" not in archive.as_data(whole).decode()
    record = await erase(town.host, record.reference, actor=SYSTEM)
    assert await items_of(record) == ()
    assert "rappelée" not in str(await entries_of(record))
    assert await broken_at(record) is None
