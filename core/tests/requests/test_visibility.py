"""Who sees what: the public, the holder of the key, agents of this unit and of another, machines."""

import msgspec
import pytest
from msgspec import structs

from parvis.access_scope import Reach
from parvis.db.tables import Delivery
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.attached.attachments import kept_of
from parvis.requests.attached.receiving import receive_file
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import type_of_record
from parvis.requests.lifecycle import make_move
from parvis.requests.payloads import request_for
from parvis.requests.timeline import story
from parvis.requests.visibility import HOLDER, PUBLIC, Viewer, may, present, sees, sees_audience
from parvis.requests.work.conversation import note, receive, reply
from parvis_sdk.fields import INTERNAL, PERSONAL, SENSITIVE, Group, Photo, ShortText
from parvis_sdk.fields import PUBLIC as PUBLIC_ANSWER
from parvis_sdk.forms import Form, Section
from parvis_sdk.text import Text

ANA = Actor(kind="agent", id="ana", name="Ana Tremblay")
ANSWERS = {"danger": True, "words": "Gros trou", "witness": "Léo Roy", "health": "cheville"}


async def shown_to(town, reference, viewer):
    record = await town.record(reference)
    return present(town.host, record, await type_of_record(town.host, record), viewer, contact=await contact_of(record))


@pytest.mark.parametrize(
    ("viewer", "answers"),
    [
        ("public", {"danger"}),
        ("holder", {"danger", "words", "witness", "health"}),
        ("agent", {"danger", "words", "witness"}),
        ("reveal", {"danger", "words", "witness"}),
        ("revealing", {"danger", "words", "witness", "health"}),
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
        "revealing": revealing(town, reference),
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
    assert sees(here, record, town.host.jurisdictions)
    assert not sees(elsewhere, record, town.host.jurisdictions)
    assert not may(here, "work", record, town.host.jurisdictions)


async def test_an_agent_of_another_town_does_not_know_of_the_request(town):
    record = await town.record((await town.submit()).reference)
    assert not sees(town.agent("see", jurisdiction="rivemont"), record, town.host.jurisdictions)


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
    await make_move(town.host, reference, "resolve", {}, actor=ANA, mover="agent")
    assert (await shown_to(town, reference, agent)).moves == ()
    manager = town.agent("see", "work", "report")
    assert [each.code for each in (await shown_to(town, reference, manager)).moves] == ["reopen"]


async def test_notes_stay_inside_and_messages_reach_the_person(town):
    reference = (await town.submit()).reference
    await note(town.host, reference, "Vérifier la garantie", actor=ANA)
    await reply(town.host, reference, "Nous passerons jeudi", actor=ANA)
    record = await town.record(reference)
    told = {
        name: [line.words for line in await story(town.host, record, viewer, "fr")]
        for name, viewer in (("public", PUBLIC), ("holder", HOLDER), ("agent", town.agent("see")))
    }
    assert told == {
        "public": [""],
        "holder": ["", "Nous passerons jeudi"],
        "agent": ["", "Vérifier la garantie", "Nous passerons jeudi"],
    }


@pytest.mark.parametrize("kind", ["agent", "token"])
async def test_words_to_people_and_about_them_are_for_those_who_may_see_who_asked(town, kind):
    reference = (await town.submit()).reference
    await note(town.host, reference, "Son mari est malade", actor=ANA)
    await reply(town.host, reference, "Nous passerons jeudi", actor=ANA)
    await receive(town.host, reference, "Je suis chez ma sœur")
    record = await town.record(reference)

    async def told(*rights, id="x"):
        reach = Reach(permissions=frozenset({"see", *rights}), jurisdiction="parvis")
        lines = await story(town.host, record, Viewer(kind=kind, id=id, reaches=(reach,)), "fr")
        return [line.words for line in lines if line.words]

    assert await told() == []
    assert await told(id="ana") == ["Son mari est malade", "Nous passerons jeudi"]  # their own doing
    assert len(await told("contacts")) == 3


async def test_the_story_tells_residents_a_sentence_and_agents_the_step(town):
    reference = (await town.submit()).reference
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    record = await town.record(reference)
    assert (await story(town.host, record, HOLDER, "fr"))[-1].title == "Une équipe s’en occupe."
    line = (await story(town.host, record, town.agent("see"), "fr"))[-1]
    assert (line.title, line.who) == ("Commencer", "Ana Tremblay")


async def test_what_was_answered_to_a_move_obeys_its_protection(town):
    reference = (await town.submit()).reference
    await make_move(town.host, reference, "start", {}, actor=ANA, mover="agent")
    await make_move(town.host, reference, "ask", {"reason": "Quel côté ?"}, actor=ANA, mover="agent")
    record = await town.record(reference)
    answers = [
        [each.value for each in (await story(town.host, record, viewer, "fr"))[-1].answers]
        for viewer in (PUBLIC, HOLDER)
    ]
    assert answers == [[], ["Quel côté ?"]]


async def test_a_coarsened_place_tells_the_street_corner_and_not_the_door(town):
    record = await town.record(
        (await town.submit("quarrel", place={"lon": -73.58071, "lat": 45.52362, "address": "1 rue X"})).reference
    )
    request_type = await type_of_record(town.host, record)
    place = present(town.host, record, request_type, PUBLIC).place
    assert place.address == ""
    assert abs(place.lon - -73.58071) < 0.003
    assert place.lon != -73.58071


@pytest.fixture
def findings(town_of, hole):
    """A town whose agents note, at a step that is told, things of every protection about other people."""
    protections = {"open": PUBLIC_ANSWER, "ours": INTERNAL, "theirs": PERSONAL, "grave": SENSITIVE}
    fields = tuple(
        field
        for code, privacy in protections.items()
        for field in (
            ShortText(code=code, label=Text(fr=code, en=code), required=False, privacy=privacy),
            Photo(code=f"{code}_photo", label=Text(fr=code, en=code), required=False, privacy=privacy),
        )
    )
    name = Text(fr="Journal", en="Log")
    inside = tuple(
        ShortText(code=f"in_{code}", label=name, required=False, privacy=privacy)
        for code, privacy in protections.items()
    )
    log = Group(code="log", label=name, item=name, required=False, fields=inside, privacy=PUBLIC_ANSWER)
    asked = Form(sections=(Section(code="found", title=Text(fr="Constat", en="Findings"), fields=(*fields, log)),))
    steps = tuple(
        structs.replace(each, asks=asked, by=("agent", "requester")) if each.code == "start" else each
        for each in hole.workflow.transitions
    )
    form = Form(sections=(*hole.form.sections, Section(code="more", title=Text(fr="Plus", en="More"), fields=fields)))
    workflow = structs.replace(hole.workflow, transitions=steps)
    return town_of(structs.replace(hole, form=form, workflow=workflow))


CODES = ("open", "ours", "theirs", "grave")


async def photos(town, holder, picture):
    return {
        f"{code}_photo": [(await receive_file(town.host, holder, code, f"{code}.jpg", picture)).id] for code in CODES
    }


def revealing(town, reference):
    """An agent with the right, who has said why."""
    return structs.replace(town.agent("see", "reveal"), revealing=frozenset({reference}))


def everybody(town, reference):
    machine = Viewer(kind="token", reaches=(Reach(permissions=frozenset({"see"}), jurisdiction="parvis"),))
    return {
        "public": PUBLIC,
        "holder": HOLDER,
        "token": machine,
        "agent": town.agent("see"),
        "reveal": revealing(town, reference),
    }


@pytest.mark.parametrize("mover", ["agent", "requester"])
async def test_what_is_answered_to_a_step_reaches_those_whom_it_does_not_hurt(findings, picture, mover):
    town = findings
    reference = (await town.submit()).reference
    words = {code: code for code in CODES}
    given = words | await photos(town, "h", picture) | {"log": [{f"in_{code}": code for code in CODES}]}
    actor = ANA if mover == "agent" else REQUESTER
    record = await make_move(town.host, reference, "start", given, actor=actor, mover=mover, holder="h")
    seen = {}
    for name, viewer in everybody(town, record.reference).items():
        line = (await story(town.host, record, viewer, "fr"))[-1]
        answers = {each.field.code: each.value for each in line.answers}
        assert [set(row.values()) for row in answers["log"]] == [set(answers) & set(CODES)]
        files = {each.name.removesuffix(".jpg") for each in line.attachments}
        seen[name] = (set(answers) & set(CODES), files)
    public, staff = ({"open"} if mover == "agent" else set()), {"open", "ours", "theirs"}
    theirs = {"open", "ours"} if mover == "agent" else set(CODES)
    assert seen == {
        "public": (public, public),
        "holder": (theirs, theirs),
        "token": ({"open", "ours"}, {"open", "ours"}),
        "agent": (staff, staff),
        "reveal": (set(CODES), set(CODES)),
    }


async def test_files_that_come_with_a_request_are_protected_as_their_questions_are(findings, picture):
    town = findings
    answers = {"danger": False} | await photos(town, "h", picture)
    record = await town.record((await town.submit(answers=answers, holder="h")).reference)
    kept = await kept_of(record)
    seen = {
        name: {
            each.attachment.name.removesuffix(".jpg")
            for each in kept
            if sees_audience(viewer, each.audience, record, town.host.jurisdictions)
        }
        for name, viewer in everybody(town, record.reference).items()
    }
    assert seen == {
        "public": set(),  # before somebody of the town has seen them
        "holder": set(CODES),
        "token": {"open", "ours"},
        "agent": {"open", "ours", "theirs"},
        "reveal": set(CODES),
    }


async def test_events_and_handlers_get_no_more_than_their_needs_even_inside_groups(findings, picture):
    town = findings
    files = await photos(town, "s", picture)
    reference = (await town.submit(answers={"danger": False, "theirs": "x"} | files, holder="s")).reference
    given = {"open": "a", "grave": "b", "log": [{f"in_{code}": code for code in CODES}]}
    record = await make_move(town.host, reference, "start", given, actor=ANA, mover="agent")
    rows = await Delivery.select(Delivery.event).order_by(Delivery.id)
    assert msgspec.json.decode(rows[-1]["event"])["given"] == {
        "open": "a",
        "log": [{"in_open": "open", "in_ours": "ours"}],
    }
    plain = await request_for(town.host, record, ("attachments",))
    assert "theirs" not in plain.answers
    assert {each.name for each in plain.attachments} == {"open.jpg", "ours.jpg"}
    personal = await request_for(town.host, record, ("attachments", "personal"))
    assert personal.answers["theirs"] == "x"
    assert {each.name for each in personal.attachments} == {"open.jpg", "ours.jpg", "theirs.jpg"}
