"""Ready texts in versions: the files first, two who write at once, order, what is somebody's own, other processes."""

import asyncio
from datetime import timedelta

import pytest
from msgspec import structs

from parvis import clock
from parvis.requests.actors import Actor
from parvis.requests.erasure_rules import forget_account
from parvis_canned_replies.kept import (
    FRESH,
    bring_back,
    last_of,
    retire,
    standing_texts,
    texts_of,
    throw_away,
    versions_of,
    write,
)
from parvis_canned_replies.ordering import move
from parvis_canned_replies.ready_texts import READY_TEXTS, ReadyText
from parvis_canned_replies.standing import TownTexts
from parvis_canned_replies.used import count_used, used_lately
from parvis_sdk.text import Text

ANA = Actor(kind="agent", id="ana", name="Ana")
LUC = Actor(kind="agent", id="luc", name="Luc")
LATE = ReadyText(code="late", title=Text(fr="Délai", en="Delay"), text=Text(fr="Bientôt.", en="Soon."))
DONE = structs.replace(LATE, code="done", title=Text(fr="Fait", en="Done"))
ASKED = structs.replace(LATE, code="asked", title=Text(fr="Question", en="Question"))


@pytest.fixture
def here(town):
    there = town.host.jurisdictions.jurisdiction("parvis")
    before = there.from_files
    structs.force_setattr(there, "from_files", READY_TEXTS.put(there, (LATE, DONE)).from_files)
    yield there
    structs.force_setattr(there, "from_files", before)


def saying(words, ready=LATE):
    return structs.replace(ready, text=Text(fr=words, en=words))


async def codes(town, here):
    return [ready.code for ready in (await standing_texts(town.host, here)).texts]


async def test_every_version_is_kept_with_who_wrote_it_the_files_first(town, here):
    assert await write(town.host, here, saying("Demain."), seen=1, actor=ANA) == 2
    assert await write(town.host, here, saying("Lundi."), seen=2, actor=LUC) == 3
    assert await bring_back(town.host, here, "late", 1, seen=3, actor=ANA) == 4
    versions = await versions_of(here, "late")
    assert [(each.number, each.by, each.ready.text.fr, each.back_to) for each in versions] == [
        (4, "Ana", "Bientôt.", 1),
        (3, "Luc", "Lundi.", 0),
        (2, "Ana", "Demain.", 0),
        (1, "", "Bientôt.", 0),
    ]
    assert versions[-1].at is None
    assert versions[0].ready == LATE


async def test_of_two_who_write_at_once_one_is_told_and_overwrites_nothing(town, here):
    answers = await asyncio.gather(
        write(town.host, here, saying("Demain."), seen=1, actor=ANA),
        write(town.host, here, saying("Lundi."), seen=1, actor=LUC),
    )
    assert sorted(answers, key=str) == [2, None]
    assert len(await versions_of(here, "late")) == 2
    assert await write(town.host, here, saying("Mardi."), seen=1, actor=LUC) is None
    assert await retire(town.host, here, "late", seen=1, actor=LUC) is None
    assert await bring_back(town.host, here, "late", 1, seen=1, actor=LUC) is None


async def test_two_new_texts_of_one_name_are_not_both_kept(town, here):
    answers = await asyncio.gather(
        write(town.host, here, ASKED, seen=0, actor=ANA),
        write(town.host, here, saying("Autre.", ASKED), seen=0, actor=LUC),
    )
    assert sorted(answers, key=str) == [1, None]
    assert len(await versions_of(here, "asked")) == 1


async def test_the_same_words_again_make_no_version(town, here):
    assert await write(town.host, here, LATE, seen=1, actor=ANA) == 1
    assert await write(town.host, here, saying("Demain."), seen=1, actor=ANA) == 2
    assert await write(town.host, here, saying("Demain."), seen=1, actor=ANA) == 2
    assert len(await versions_of(here, "late")) == 2


async def test_a_retired_text_keeps_its_words_and_its_place(town, here):
    await write(town.host, here, ASKED, seen=0, actor=ANA)
    await move(town.host, here, "asked", "up")
    assert await codes(town, here) == ["late", "asked", "done"]
    assert await retire(town.host, here, "asked", seen=1, actor=ANA) == 2
    assert await codes(town, here) == ["late", "done"]
    await move(town.host, here, "done", "up")
    assert await codes(town, here) == ["done", "late"]
    assert await bring_back(town.host, here, "asked", 1, seen=2, actor=ANA) == 3
    assert sorted(await codes(town, here)) == ["asked", "done", "late"]
    assert await move(town.host, here, "gone", "up") is False


async def test_two_who_order_at_once_both_have_their_way(town, here):
    await write(town.host, here, ASKED, seen=0, actor=ANA)
    await asyncio.gather(move(town.host, here, "asked", "up"), move(town.host, here, "asked", "up"))
    assert await codes(town, here) == ["asked", "late", "done"]


async def test_ones_own_texts_are_nobody_elses_and_go_with_the_account(town, here):
    own = saying("À moi.", structs.replace(LATE, code="late"))
    assert await write(town.host, here, own, seen=0, actor=ANA, owner="ana") == 1
    assert (await last_of(here, "late")).ready == LATE
    standing = await standing_texts(town.host, here)
    assert standing.own == {"ana": (own,)}
    assert await codes(town, here) == ["late", "done"]
    assert (await texts_of(here, "luc"))[1] == ()
    assert await throw_away(town.host, here, "late", "luc") is False
    await forget_account(town.host, "luc")
    assert (await texts_of(here, "ana"))[1][0].ready == own
    await forget_account(town.host, "ana")
    assert (await last_of(here, "late", "ana")) is None
    with clock.moved_to(clock.now() + FRESH):
        assert (await standing_texts(town.host, here)).own == {}


async def test_other_processes_see_a_change_within_seconds(town, here):
    elsewhere = town.host.without(TownTexts)
    with clock.moved_to(clock.now()) as moved:
        assert (await standing_texts(elsewhere, here)).texts[0] == LATE
        await write(town.host, here, saying("Demain."), seen=1, actor=ANA)
        assert (await standing_texts(town.host, here)).texts[0] == saying("Demain.")
        assert (await standing_texts(elsewhere, here)).texts[0] == LATE
        moved.to(clock.now() + timedelta(seconds=6))
        assert (await standing_texts(elsewhere, here)).texts[0] == saying("Demain.")


async def test_uses_are_added_up_by_text_for_ninety_days(town, here):
    with clock.moved_to(clock.now()) as moved:
        await asyncio.gather(*(count_used(town.host, here, ("late", "done")) for _ in range(3)))
        moved.to(clock.now() + timedelta(days=60))
        await count_used(town.host, here, ("done",))
        assert await used_lately(here) == {"late": 3, "done": 4}
        moved.to(clock.now() + timedelta(days=60))
        assert await used_lately(here) == {"done": 1}
