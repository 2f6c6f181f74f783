"""One message about several things: each becomes a request of its own, of the same person, who is told of each once."""

import asyncio
from dataclasses import replace

import pytest
from msgspec import structs

from parvis.db.tables import Delivery
from parvis.requests.actors import Actor
from parvis.requests.amendments import stop
from parvis.requests.attached.attachments import kept_of
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import AlreadyErased
from parvis.requests.contacts import contact_of, wants_messages
from parvis.requests.exclusions import keep_away
from parvis.requests.history import broken_at, entries_of
from parvis.requests.keeping.retention import erase
from parvis.requests.relations.ties import ties_of
from parvis.requests.visibility import Viewer
from parvis.requests.work.conversation import receive
from parvis_merging.splitting import Part, split_off
from parvis_sdk.conditions import Is
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import LongText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_testing.street import EVERYWHERE
from parvis_testing.town import HOLE, said

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")


@pytest.fixture
async def letter(town, picture):
    file = await receive_file(town.host, "h", "photos", "trou.jpg", picture)
    answers = {"danger": True, "words": "Un trou, et le voisin crie.", "health": "Fracture", "photos": [file.id]}
    receipt = await town.submit(answers=answers, holder="h", channel="email")
    return await town.record(receipt.reference)


async def test_a_part_becomes_a_request_of_the_same_person_with_chosen_words_and_files(town, letter):
    (photo,) = await kept_of(letter)
    part = Part(type="hole", words="Le trou seul.", files=(photo.attachment.id,))
    receipt = await split_off(town.host, EVERYWHERE, letter, part, actor=ANA)
    new = await town.record(receipt.reference)
    (copy,) = await kept_of(new)
    assert new.answers == {
        "danger": True,
        "words": "Le trou seul.",
        "health": "Fracture",
        "photos": [copy.attachment.id],
    }
    assert copy.attachment.id != photo.attachment.id
    assert len(await kept_of(letter)) == 1  # where it came it stays
    assert (new.place, new.language, new.channel, new.identity) == (letter.place, "fr", "email", "named")
    assert await contact_of(new) == await contact_of(letter)
    told = await Delivery.select(Delivery.event).where(Delivery.reference == new.reference)
    assert sum('"submitted"' in row["event"] for row in told) == 1
    for record, kind in ((await town.record(letter.reference), "split"), (new, "split_from")):
        record = await town.record(record.reference)
        assert (await entries_of(record))[-1].kind == kind
        assert await broken_at(record) is None
        (tie,) = await ties_of(record)
        assert tie.kind == "about"
    await erase(town.host, letter.reference, actor=ANA)
    assert len(await kept_of(new)) == 1  # and what is of both is kept for the other


@pytest.mark.usefixtures("rows_turned")
async def test_photos_of_a_part_stay_in_the_order_in_which_they_came(town, picture):
    """A resident who wrote "on the second photo" is understood where a part of the letter is dealt with, too."""
    names = ("un.jpg", "deux.jpg")
    files = [(await receive_file(town.host, "h", "photos", name, picture)).id for name in names]
    answers = {"danger": True, "words": "Un trou, sur la deuxième.", "health": "", "photos": files}
    letter = await town.record((await town.submit(answers=answers, holder="h")).reference)
    part = Part(type="hole", words="Le trou seul.", files=tuple(files))
    new = await town.record((await split_off(town.host, EVERYWHERE, letter, part, actor=ANA)).reference)
    assert tuple(each.attachment.name for each in await kept_of(new)) == names
    assert new.answers["photos"] == [each.attachment.id for each in await kept_of(new)]


async def test_a_repeat_makes_no_second_one(town, letter):
    part = Part(type="hole", words="Le trou seul.")
    seen = {"mark": "abc", "expected": letter.version}
    first = await split_off(town.host, EVERYWHERE, letter, part, actor=ANA, **seen)
    now = await town.record(letter.reference)
    assert now.version > letter.version  # and yet it is the same press, not what somebody else has done
    again = await split_off(town.host, EVERYWHERE, now, part, actor=ANA, **seen)
    assert first.reference == again.reference
    assert len(await ties_of(letter)) == 1
    other = structs.replace(part, words="Un autre trou.")
    refused = await split_off(town.host, EVERYWHERE, now, other, actor=ANA, **seen)
    assert refused.found[0].code == "once_reused"


async def test_two_at_once_make_one(town, letter):
    (photo,) = await kept_of(letter)
    part = Part(type="hole", words="Le trou seul.", files=(photo.attachment.id,))
    both = await asyncio.gather(
        *(split_off(town.host, EVERYWHERE, letter, part, actor=ANA, mark="abc") for _ in range(2))
    )
    assert both[0].reference == both[1].reference
    assert len(await ties_of(letter)) == 1


async def test_what_was_written_since_it_was_read_is_shown_first(town, letter):
    await receive(town.host, letter.reference, "Et un chien mort.")
    now, part = await town.record(letter.reference), Part(type="hole", words="Le trou seul.")
    conflict = await split_off(town.host, EVERYWHERE, now, part, actor=ANA, expected=letter.version)
    assert [entry.kind for entry in conflict.entries] == ["received"]
    assert await ties_of(letter) == ()


async def test_files_that_one_may_not_have_or_that_are_of_another_do_not_go_along(town, letter, picture):
    (mine,) = await kept_of(letter)
    theirs = await receive_file(town.host, "q", "photos", "autre.jpg", picture)
    await town.submit(answers={"danger": False, "words": "x", "photos": [theirs.id]}, holder="q")
    for id in (theirs.id, "01a21300-0000-7000-8000-00000000000b", "x"):
        part = Part(type="hole", words="Le trou seul.", files=(id,))
        refused = await split_off(town.host, EVERYWHERE, letter, part, actor=ANA)
        assert [(each.path, each.code) for each in refused.found] == [("files", "file_missing")]
    part = Part(type="hole", words="Le trou seul.", files=(mine.attachment.id,))
    blind = Viewer(kind="public")
    assert (await split_off(town.host, blind, letter, part, actor=ANA)).found[0].code == "file_missing"


async def test_words_longer_than_their_question_takes_are_refused_at_the_words(town, letter):
    part = Part(type="hole", words="trou " * 3000)
    refused = await split_off(town.host, EVERYWHERE, letter, part, actor=ANA)
    assert [(each.path, each.code) for each in refused.found] == [("words", "too_long")]


async def test_who_wants_no_messages_gets_none_of_the_new_one_either(town, letter):
    await stop(town.host, letter.reference)
    receipt = await split_off(town.host, EVERYWHERE, letter, Part(type="hole", words="Le trou"), actor=ANA)
    assert not await wants_messages(await town.record(receipt.reference))


@pytest.mark.parametrize(("change", "path"), [({"words": " "}, "words"), ({"type": "nothing"}, "type")])
async def test_what_cannot_be_split_off_is_refused_at_its_question(town, letter, change, path):
    part = structs.replace(Part(type="hole", words="Le trou"), **change)
    refused = await split_off(town.host, EVERYWHERE, letter, part, actor=ANA)
    assert isinstance(refused, Problems)
    assert refused.found[0].path == path
    assert await ties_of(letter) == ()


async def test_a_file_that_the_type_does_not_take_and_a_confidence_that_it_does_not_keep_are_refused(town, letter):
    (photo,) = await kept_of(letter)
    part = Part(type="quarrel", words="Le voisin", files=(photo.attachment.id,))
    assert (await split_off(town.host, EVERYWHERE, letter, part, actor=ANA)).found[0].path == "files"
    quarrel = await town.record((await town.submit("quarrel")).reference)
    refused = await split_off(town.host, EVERYWHERE, quarrel, Part(type="hole", words="Le trou"), actor=ANA)
    assert refused.found[0].path == "type"
    made = await split_off(town.host, EVERYWHERE, letter, Part(type="quarrel", words="Le voisin"), actor=ANA)
    assert isinstance(made, Receipt)
    assert "health" not in (await town.record(made.reference)).answers


async def test_of_what_was_erased_nothing_is_made(town, letter):
    await erase(town.host, letter.reference, actor=ANA)
    gone = await town.record(letter.reference)
    with pytest.raises(AlreadyErased):
        await split_off(town.host, EVERYWHERE, gone, Part(type="hole", words="x"), actor=ANA)


async def test_what_is_kept_from_somebody_is_kept_from_them_in_each_part(town, letter):
    kept = await keep_away(town.host, letter.reference, "01a21300-0000-7000-8000-00000000000b", "Luc", "x", actor=ANA)
    receipt = await split_off(town.host, EVERYWHERE, kept, Part(type="hole", words="Le trou"), actor=ANA)
    assert (await town.record(receipt.reference)).excluded_agents == kept.excluded_agents != ()


@pytest.mark.parametrize("where", ["question", "section"])
async def test_words_are_never_put_to_a_question_that_is_only_asked_after_certain_answers(town, letter, where):
    when = Is(field="danger", value=True)
    (section,) = HOLE.form.sections
    fields = [field for field in section.fields if field.code != "words"]
    why = LongText(code="why", label=said("Pourquoi"), show_when=when if where == "question" else None)
    first = structs.replace(section, fields=tuple(fields))
    last = Section(code="last", title=said("Fin"), fields=(why,), show_when=when if where == "section" else None)
    hole = structs.replace(HOLE, version=2, form=Form(sections=(first, last)))
    plugins = structs.replace(town.host.plugins, request_types=town.host.plugins.request_types | {"hole": hole})
    refused = await split_off(
        replace(town.host, plugins=plugins), EVERYWHERE, letter, Part(type="hole", words="Le trou seul."), actor=ANA
    )
    assert isinstance(refused, Problems)
    assert [(each.path, each.code) for each in refused.found] == [("type", "not_offered")]
    assert await ties_of(await town.record(letter.reference)) == ()
