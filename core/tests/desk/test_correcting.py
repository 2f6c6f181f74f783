"""Correcting a request: another type, another place, other answers; what the person may not see stays as it is."""

import re
from dataclasses import replace
from uuid import UUID

import pytest
from msgspec import structs

from parvis.requests.actors import Actor
from parvis.requests.amendments import amend, assign, change_contact
from parvis.requests.contacts import contact_of
from parvis.requests.history import entries_of
from parvis.requests.request_service import RequestService
from parvis.web.desk.one_request.places import mark_of, raw_place
from parvis_sdk.conditions import Is
from parvis_sdk.fields import SENSITIVE, Group, OneOf, Option, ShortText
from parvis_sdk.requests import Place
from parvis_sdk.starter_kit import form
from parvis_testing.desk import HERE, said
from parvis_testing.town import HOLE, QUARREL
from parvis_testing.town import said as words

from .test_case import address

LUC = Actor(kind="agent", id="luc", name="Luc Roy")
THERE = {f"place.{name}": str(value) for name, value in HERE.items()}


@pytest.fixture
async def hole(desk):
    answers = {"danger": True, "words": "Un gros trou", "health": "FRACTURE"}
    return await desk.request("hole", "roads", answers=answers)


async def test_the_new_type_keeps_the_answers_to_the_same_questions_and_names_those_it_loses(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.get(f"{address(hole, 'correction')}?type=quarrel")
    assert said("The request becomes “%(type)s”", type="Querelle") in clerk.text
    lost = re.search(r'(?s)<div class="banner banner--warn".*?</div>\s*</div>', page.text)[0]
    assert "Dangereux" in lost
    assert "FRACTURE" not in page.text
    assert re.search(r'(?s)<textarea[^>]*name="answers.words"[^>]*>\s*Un gros trou', page.text)
    wrong = await clerk.post(
        address(hole, "correction"), type="quarrel", version=str(hole.version), answers__words="Chien"
    )
    assert wrong.status_code == 422
    assert 'href="#kind"' in wrong.text or 'href="#answers-kind"' in wrong.text
    assert "Chien" in wrong.text
    given = {"answers.words": "Un gros trou", "answers.kind": "dog"}
    await clerk.post(address(hole, "correction"), type="quarrel", version=str(hole.version), **given)
    record = await desk.record(hole.reference)
    assert (record.type, record.answers) == ("quarrel", {"kind": "dog", "words": "Un gros trou"})
    last = (await entries_of(record))[-1]
    assert last.kind == "amended"
    assert last.personal["before"]["answers"]["health"] == "FRACTURE"


async def test_what_the_person_may_not_see_inside_a_group_is_neither_shown_nor_lost(desk):
    fields = (
        ShortText(code="side", label=words("Côté")),
        ShortText(code="hurt", label=words("Nom"), privacy=SENSITIVE),
    )
    group = Group(code="neighbours", label=words("Voisins"), item=words("Voisin"), fields=fields)
    plugins = desk.host.plugins
    request_types = plugins.request_types | {"hole": structs.replace(HOLE, version=2, form=form(group))}
    desk.host = replace(desk.host, plugins=structs.replace(plugins, request_types=request_types))
    desk.counter = RequestService(desk.host)
    desk.app.state.deployment = replace(desk.app.state.deployment, host=desk.host)
    hole = await desk.request("hole", "roads", answers={"neighbours": [{"side": "est", "hurt": "FRACTURE"}]})
    clerk = await desk.signed_in()
    page = await clerk.get(address(hole, "correction"))
    assert "answers.neighbours.0.side" in page.text
    assert "hurt" not in page.text
    assert "FRACTURE" not in page.text
    given = {"answers.neighbours.0.side": "ouest", "answers.neighbours.0.hurt": "FALSIFIÉ", **THERE}
    await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version), **given)
    assert (await desk.record(hole.reference)).answers == {"neighbours": [{"side": "ouest", "hurt": "FRACTURE"}]}


async def test_an_answer_to_a_question_that_is_not_shown_is_forgotten_inside_a_group_too(desk):
    options = (Option(code="tree", label=words("Arbre")), Option(code="pole", label=words("Poteau")))
    sort = OneOf(code="sort", label=words("Sorte"), options=options)
    when = Is(field="sort", value="tree")
    species = ShortText(code="species", label=words("Essence"), required=False, show_when=when)
    things = Group(code="things", label=words("Choses"), item=words("Chose"), fields=(sort, species))
    plugins = desk.host.plugins
    hole_type = structs.replace(HOLE, version=2, form=form(sort, species, things))
    quarrel = structs.replace(QUARREL, form=form(sort, species, things))
    request_types = plugins.request_types | {"hole": hole_type, "quarrel": quarrel}
    desk.host = replace(desk.host, plugins=structs.replace(plugins, request_types=request_types))
    desk.counter = RequestService(desk.host)
    desk.app.state.deployment = replace(desk.app.state.deployment, host=desk.host)
    was = {"sort": "tree", "species": "Orme", "things": [{"sort": "tree", "species": "Orme"}]}
    hole = await desk.request("hole", "roads", answers=was)
    clerk = await desk.signed_in()
    for type in ("hole", "quarrel"):
        given = {"answers.sort": "pole", "answers.species": "Érable", **THERE}
        given |= {"answers.things.0.sort": "pole", "answers.things.0.species": "Érable"}
        record = await desk.record(hole.reference)
        answer = await clerk.post(address(hole, "correction"), type=type, version=str(record.version), **given)
        assert answer.status_code < 400
        record = await desk.record(hole.reference)
        assert (record.type, record.answers) == (type, {"sort": "pole", "things": [{"sort": "pole"}]})


async def test_answers_that_the_person_may_not_see_are_not_lost(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.get(address(hole, "correction"))
    assert "FRACTURE" not in page.text
    assert "answers.health" not in page.text
    given = {"answers.danger": "no", "answers.words": "Un petit trou", "answers.health": "FALSIFIÉ", **THERE}
    await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version), **given)
    record = await desk.record(hole.reference)
    assert record.answers == {"danger": False, "words": "Un petit trou", "health": "FRACTURE"}


async def test_the_place_is_corrected_by_its_address_alone(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.get(address(hole, "correction"))
    mark = re.search(r'name="mark" value="([^"]*)"', page.text)[1]
    same = {"answers.danger": "yes", "answers.words": "Un gros trou", "mark": mark}
    before = {"place.lon": str(HERE["lon"]), "place.lat": str(HERE["lat"])}
    sent = {**same, **before, "place.address": "4563, rue Saint-Urbain"}
    await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version), **sent)
    record = await desk.record(hole.reference)
    assert record.address == "4563, rue Saint-Urbain"
    assert record.lon != HERE["lon"]
    assert record.answers["health"] == "FRACTURE"
    last = (await entries_of(record))[-1]
    assert last.body["changed"] == ["place"]


async def test_nothing_changed_writes_nothing(desk, hole):
    clerk = await desk.signed_in()
    page = await clerk.get(address(hole, "correction"))
    mark = re.search(r'name="mark" value="([^"]*)"', page.text)[1]
    same = {"answers.danger": "yes", "answers.words": "Un gros trou", "mark": mark}
    await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version), **same, **THERE)
    assert (await desk.record(hole.reference)).version == hole.version


async def test_somebody_else_was_faster(desk, hole):
    clerk = await desk.signed_in()
    await clerk.get(address(hole, "correction"))
    given = {"answers.danger": "no", "answers.words": "Autre chose", **THERE}
    late = await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version - 1), **given)
    assert late.status_code == 409
    assert said("Somebody else has changed this request") in clerk.text
    assert "Autre chose" in late.text
    assert (await desk.record(hole.reference)).answers["words"] == "Un gros trou"


async def test_two_corrections_at_once_lose_nothing_of_either(desk, hole):
    clerk = await desk.signed_in()
    here = {"answers.danger": "yes", "answers.words": "Un gros trou", **THERE}
    await amend(desk.host, hole.reference, answers=hole.answers | {"danger": False}, actor=LUC)
    mine = here | {"answers.words": "Un très gros trou"}
    late = await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version), **mine)
    assert late.status_code == 409
    assert said("You had not changed this: the form now shows the saved value.") in clerk.text
    assert "Luc Roy" in clerk.text
    assert "keep.words" not in late.text
    form = {"answers.danger": "no", "answers.words": "Un très gros trou", **THERE}
    assert re.search(r'name="answers.danger" type="radio" value="no" checked', late.text)
    await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version + 1), **form)
    record = await desk.record(hole.reference)
    assert record.answers == {"danger": False, "words": "Un très gros trou", "health": "FRACTURE"}


@pytest.mark.parametrize(("keep", "words"), [("typed", "Un cratère"), ("saved", "Un petit trou")])
async def test_who_corrected_the_same_answer_chooses_between_both(desk, hole, keep, words):
    clerk = await desk.signed_in()
    await amend(desk.host, hole.reference, answers=hole.answers | {"words": "Un petit trou"}, actor=LUC)
    mine = {"answers.danger": "yes", "answers.words": "Un cratère", **THERE}
    late = await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version), **mine)
    assert late.status_code == 409
    beside = re.search(r'(?s)<fieldset.{0,400}?name="keep.words".*?</fieldset>', late.text)[0]
    assert "Un petit trou" in beside
    assert "Un cratère" in beside
    assert "FRACTURE" not in late.text
    again = mine | {"keep.words": keep}
    await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version + 1), **again)
    assert (await desk.record(hole.reference)).answers["words"] == words


async def test_a_place_corrected_by_somebody_else_is_not_put_back(desk, hole):
    clerk = await desk.signed_in()
    await amend(desk.host, hole.reference, place=Place(lon=-73.57, lat=45.53), actor=LUC)
    mine = {"answers.danger": "yes", "answers.words": "Un cratère", "mark": mark_of(raw_place(hole.place))}
    mine |= {f"place.{name}": value for name, value in raw_place(hole.place).items()}
    late = await clerk.post(address(hole, "correction"), type="hole", version=str(hole.version), **mine)
    assert late.status_code == 409
    assert 'value="-73.57"' in late.text


async def test_details_of_a_person_written_twice_at_once_stand_side_by_side(desk, hole):
    clerk = await desk.signed_in("clerk")
    page = await clerk.get(address(hole, "coordonnees"))
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    told = structs.replace(await contact_of(hole), phone="+14505550111")
    await change_contact(desk.host, hole.reference, told, "en")
    sent = {"name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "450 555-0199", "language": "fr"}
    late = await clerk.post(address(hole, "coordonnees"), version=version, **sent)
    assert late.status_code == 409
    assert "555-0111" in late.text
    assert re.search(r'<option value="en" selected', late.text)
    kept = {**sent, "language": "en", "keep.phone": "saved", "version": str(int(version) + 1)}
    await clerk.post(address(hole, "coordonnees"), **kept)
    record = await desk.record(hole.reference)
    assert ((await contact_of(record)).phone, record.language) == ("+14505550111", "en")


async def test_a_request_taken_by_two_at_once_is_taken_from_nobody_unseen(desk, hole):
    clerk, luc = await desk.signed_in(), await desk.agent()
    given = {"assignee": UUID(luc.id), "assignee_name": "Luc Roy", "actor": LUC}
    await assign(desk.host, hole.reference, unit="roads", **given)
    late = await clerk.post(address(hole, "attribution"), version=str(hole.version), _take="1")
    assert late.status_code == 409
    beside = re.search(r'(?s)<dl class="differences__pair">.*?</dl>', late.text)[0]
    assert luc.name in beside
    assert clerk.person.name in beside
    assert re.search(rf'<option value="{clerk.person.id}" selected', late.text)
    assert str((await desk.record(hole.reference)).assignee) == luc.id


async def test_a_caller_gives_another_number(desk, hole):
    clerk = await desk.signed_in("clerk")
    page = await clerk.get(address(hole, "coordonnees"))
    assert "zoe@exemple.ca" in page.text
    wrong = await clerk.post(address(hole, "coordonnees"), name="Zoé Côté", phone="12", email="", language="en")
    assert wrong.status_code == 422
    assert 'href="#requester-phone"' in wrong.text
    given = {"name": "Zoé Côté", "phone": "450 555-0199", "email": "", "preferred_channel": "phone", "language": "en"}
    await clerk.post(address(hole, "coordonnees"), **given)
    record = await desk.record(hole.reference)
    contact = await contact_of(record)
    assert (contact.phone, contact.email, contact.preferred_channel) == ("+14505550199", "", "phone")
    assert (record.language, record.identity) == ("en", "named")
    assert (await entries_of(record))[-1].actor.name == clerk.person.name


async def test_a_confidential_person_is_not_rewritten_by_those_who_may_not_see_them(desk):
    quarrel = await desk.request("quarrel", "noise")
    manager = await desk.signed_in("manager")
    assert (await manager.get(address(quarrel, "coordonnees"))).status_code == 403


async def test_the_things_that_a_place_points_at_are_chosen_anew_at_the_desk(desk, hole):
    request_type = desk.host.plugins.request_type("hole")
    before = request_type.place
    structs.force_setattr(request_type, "place", structs.replace(before, assets="equipment", most_assets=2))
    try:
        pointing = await desk.request("hole", "roads", place={"assets": ["081-0010"]}, answers=hole.answers)
        clerk = await desk.signed_in()
        page = await clerk.get(address(pointing, "correction"))
        assert re.search(r'value="081-0010" data-code="081-0010" checked', page.text)
        mark = re.search(r'name="mark" value="([^"]*)"', page.text)[1]
        same = {"answers.danger": "yes", "answers.words": "Un gros trou", "mark": mark}
        there = {"place.address": pointing.address, "place.lon": str(pointing.lon), "place.lat": str(pointing.lat)}
        chosen = {**same, **there, "place.assets": "016-0011"}
        await clerk.post(address(pointing, "correction"), type="hole", version=str(pointing.version), **chosen)
        assert (await desk.record(pointing.reference)).place.assets == ("016-0011",)
        assert "016-0011" in (await clerk.get(address(pointing))).text
    finally:
        structs.force_setattr(request_type, "place", before)


HOME = "C. P. 5\nVal-des-Monts (Québec)  J8N 1A1"


async def test_a_postal_address_is_written_beside_the_place_and_shown_to_who_sees_the_person(desk, hole):
    clerk = await desk.signed_in("clerk")
    page = await clerk.get(address(hole, "coordonnees"))
    (same,) = re.findall(r'(?s)name="_postal" value="([^"]+)"', page.text)
    sent = {"name": "Zoé Côté", "phone": "", "email": "", "language": "fr", "version": str(hole.version)}
    page = await clerk.post(address(hole, "coordonnees"), **sent, _postal=same)
    assert f">\n{same}</textarea>" in page.text
    typed = {**sent, "postal_address": "4563 saint-urb", "_find": "1"}
    assert (
        'name="_postal" value="4563, rue Saint-Urbain' in (await clerk.post(address(hole, "coordonnees"), **typed)).text
    )
    assert (await contact_of(hole)).postal_address == ""  # looking up writes nothing
    wrong = await clerk.post(address(hole, "coordonnees"), **sent, postal_address="C. P. 5\nMagog D1A 1A1")
    assert wrong.status_code == 422
    assert 'href="#requester-postal_address"' in wrong.text
    await clerk.post(address(hole, "coordonnees"), **sent, postal_address=HOME, preferred_channel="letter")
    record = await desk.record(hole.reference)
    assert (await contact_of(record)).postal_address == HOME
    assert record.place == hole.place
    assert "C. P. 5<br>Val-des-Monts" in (await clerk.get(address(hole))).text
    observer = await desk.signed_in("observer")
    page = await observer.get(address(hole))
    assert page.status_code == 200
    assert "C. P. 5" not in page.text


async def test_postal_addresses_written_twice_at_once_stand_side_by_side(desk, hole):
    clerk = await desk.signed_in("clerk")
    page = await clerk.get(address(hole, "coordonnees"))
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    await change_contact(desk.host, hole.reference, structs.replace(await contact_of(hole), postal_address=HOME), "fr")
    sent = {"name": "Zoé Côté", "email": "zoe@exemple.ca", "phone": "514 555-0101", "language": "fr"}
    other = sent | {"postal_address": "R. R. 2\nMagog (Québec)  J1X 2A4"}
    late = await clerk.post(address(hole, "coordonnees"), version=version, **other)
    assert late.status_code == 409
    assert "C. P. 5, Val-des-Monts (Québec)  J8N 1A1" in late.text
    assert "R. R. 2, Magog" in late.text
    kept = {**other, "keep.postal_address": "saved", "version": str(int(version) + 1)}
    await clerk.post(address(hole, "coordonnees"), **kept)
    assert (await contact_of(await desk.record(hole.reference))).postal_address == HOME
