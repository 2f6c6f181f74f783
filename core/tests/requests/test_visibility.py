"""Who sees what: the public, the holder of the key, agents of this unit and of another, machines."""

import pytest

from parvis.requests.actors import Actor
from parvis.requests.contacts import contact_of
from parvis.requests.conversation import note, reply
from parvis.requests.lifecycle import make_move
from parvis.requests.records import type_of_record
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, PUBLIC, Reach, Viewer, may, present, sees

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ANSWERS = {"danger": True, "words": "Gros trou", "witness": "Léo Roy", "health": "cheville"}


async def shown_to(town, reference, viewer):
    record = await town.record(reference)
    return present(
        town.heart, record, await type_of_record(town.heart, record), viewer, contact=await contact_of(record)
    )


@pytest.mark.parametrize(
    ("viewer", "answers"),
    [
        ("public", {"danger"}),
        ("holder", {"danger", "words", "witness", "health"}),
        ("agent", {"danger", "words", "witness"}),
        ("reveal", {"danger", "words", "witness", "health"}),
        ("token", {"danger", "words"}),
    ],
)
async def test_answers_reach_those_their_protection_allows(town, viewer, answers):
    reference = (await town.submit(answers=ANSWERS)).reference
    viewers = {
        "public": PUBLIC,
        "holder": HOLDER,
        "agent": town.agent("see", "work"),
        "reveal": town.agent("see", "reveal"),
        "token": Viewer(kind="token", reaches=(Reach(permissions=frozenset({"see"}), jurisdiction="parvis"),)),
    }
    shown = await shown_to(town, reference, viewers[viewer])
    assert set(shown.answers) == answers
    assert {each.field.code for each in shown.fields} == answers


async def test_the_public_learns_nothing_of_people_units_and_channels(town):
    shown = await shown_to(town, (await town.submit()).reference, PUBLIC)
    assert (shown.contact, shown.unit, shown.channel, shown.identity, shown.moves) == (None, "", "", "", ())


async def test_an_agent_of_another_unit_does_not_know_of_the_request(town):
    record = await town.record((await town.submit()).reference)
    here, elsewhere = town.agent("see", unit="citizens"), town.agent("see", unit="parks")
    assert sees(here, record, town.heart.territory)
    assert not sees(elsewhere, record, town.heart.territory)
    assert not may(here, "work", record, town.heart.territory)


async def test_an_agent_of_another_town_does_not_know_of_the_request(town):
    record = await town.record((await town.submit()).reference)
    assert not sees(town.agent("see", jurisdiction="rivemont"), record, town.heart.territory)


async def test_a_confidential_person_is_hidden_even_from_those_who_work_on_the_request(town):
    reference = (await town.submit("quarrel")).reference
    shown = await shown_to(town, reference, town.agent("see", "work", "reveal"))
    assert shown.contact is None
    assert shown.contact_hidden
    assert (await shown_to(town, reference, HOLDER)).contact.name == "Zoé Côté"


async def test_the_moves_offered_are_those_of_the_role_and_the_state(town):
    reference = (await town.submit()).reference
    agent, holder = town.agent("see", "work"), HOLDER
    assert [each.code for each in (await shown_to(town, reference, agent)).moves] == ["start", "resolve"]
    assert [each.code for each in (await shown_to(town, reference, holder)).moves] == ["withdraw"]
    await make_move(town.heart, reference, "resolve", {}, actor=ANA, mover="agent")
    assert (await shown_to(town, reference, agent)).moves == ()
    manager = town.agent("see", "work", "report")
    assert [each.code for each in (await shown_to(town, reference, manager)).moves] == ["reopen"]


async def test_notes_stay_inside_and_messages_reach_the_person(town):
    reference = (await town.submit()).reference
    await note(town.heart, reference, "Vérifier la garantie", actor=ANA)
    await reply(town.heart, reference, "Nous passerons jeudi", actor=ANA)
    record = await town.record(reference)
    told = {
        name: [line.words for line in await story(town.heart, record, viewer, "fr")]
        for name, viewer in (("public", PUBLIC), ("holder", HOLDER), ("agent", town.agent("see")))
    }
    assert told == {
        "public": [""],
        "holder": ["", "Nous passerons jeudi"],
        "agent": ["", "Vérifier la garantie", "Nous passerons jeudi"],
    }


async def test_the_story_tells_residents_a_sentence_and_agents_the_step(town):
    reference = (await town.submit()).reference
    await make_move(town.heart, reference, "start", {}, actor=ANA, mover="agent")
    record = await town.record(reference)
    assert (await story(town.heart, record, HOLDER, "fr"))[-1].title == "Une équipe s’en occupe."
    line = (await story(town.heart, record, town.agent("see"), "fr"))[-1]
    assert (line.title, line.who) == ("Commencer", "Ana Tremblay")


async def test_what_was_answered_to_a_move_obeys_its_protection(town):
    reference = (await town.submit()).reference
    await make_move(town.heart, reference, "start", {}, actor=ANA, mover="agent")
    await make_move(town.heart, reference, "ask", {"reason": "Quel côté ?"}, actor=ANA, mover="agent")
    record = await town.record(reference)
    answers = [
        [each.value for each in (await story(town.heart, record, viewer, "fr"))[-1].answers]
        for viewer in (PUBLIC, HOLDER)
    ]
    assert answers == [[], ["Quel côté ?"]]


async def test_a_coarsened_place_tells_the_street_corner_and_not_the_door(town):
    record = await town.record(
        (await town.submit("quarrel", place={"lon": -73.58071, "lat": 45.52362, "address": "1 rue X"})).reference
    )
    kind = await type_of_record(town.heart, record)
    place = present(town.heart, record, kind, PUBLIC).place
    assert place.address == ""
    assert abs(place.lon - -73.58071) < 0.003
    assert place.lon != -73.58071
