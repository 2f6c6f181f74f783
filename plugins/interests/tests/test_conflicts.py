"""A conflict of interest declared ahead keeps every file about it from its person, before the file reaches them."""

import html
import re
from datetime import timedelta
from uuid import UUID

import pytest

from parvis import clock
from parvis.db import transaction
from parvis.delegations import Delegation
from parvis.identifiers import new_id
from parvis.people.granting import delegate
from parvis.requests.actors import Actor
from parvis.requests.amendments import amend, assign, change_contact
from parvis.requests.exclusions import keep_away, let_back
from parvis.requests.history import entries_of
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.search import Filters, queue
from parvis.viewers import viewer_of
from parvis_interests.declarations import interests_in
from parvis_interests.obeying import obey_declared
from parvis_interests.written import written_conflicts
from parvis_sdk.requests import Place, Requester
from parvis_sdk.workflow import Denied
from parvis_testing.desk import ANA, HERE, ZOE, said

SISTER = "C’est la maison de ma sœur"
MONT_ROYAL = "470, avenue du Mont-Royal Est"
AT = {"lon": -73.58166, "lat": 45.52454}


async def open_page(clerk):
    await clerk.get("/bureau/conflits")


async def declares(clerk, kind, words, reason=SISTER):
    await open_page(clerk)
    return await clerk.post("/bureau/conflits", kind=kind, words=words, reason=reason)


async def reaches(desk, clerk, record):
    """Every door by which somebody could come to a request: its page, the list, the sheet, the search."""
    page = (await clerk.get(f"/bureau/requete/{record.reference}")).status_code == 200
    lists = [
        record.reference in (await clerk.get(path)).text
        for path in ("/bureau?ouvertes=toutes", "/bureau/liste.csv?ouvertes=toutes", "/bureau?q=trou&ouvertes=toutes")
    ]
    found = await queue(desk.host, viewer_of(clerk.person), "parvis", Filters())
    return {page, *lists, record.reference in {row.reference for row in found.rows}}


@pytest.mark.parametrize(
    ("kind", "words", "given"),
    [
        ("address", "470 av. du Mont-Royal E.", {"place": {**AT, "address": MONT_ROYAL}}),
        ("address", "470 av. du Mont-Royal E.", {"place": AT}),
        ("address", "470 av. du Mont-Royal E.", {"place": {"words": f"devant le {MONT_ROYAL}, app. 3"}}),
        ("address", "12, rue des Lilas", {"requester": ZOE | {"postal_address": "12 rue des Lilas\nParvis"}}),
        ("street", "rue Rachel", {"place": HERE}),
        ("street", "Mont-Royal", {"place": AT}),
        ("person", "Zoé Côté", {}),
        ("person", "Côté, Zoé", {}),
        ("person", "ZOE@exemple.ca", {}),
        ("person", "(514) 555-0101", {}),
        ("person", "Léo Roy", {"answers": {"danger": False, "witness": "léo roy"}}),
        ("organisation", "Coop du Coin", {"answers": {"danger": False, "words": "Camion de la Coop du Coin"}}),
    ],
)
async def test_a_file_about_what_was_declared_reaches_its_person_by_no_door(desk, kind, words, given):
    luc, ana = await desk.signed_in(name="Luc Roy"), await desk.signed_in(name="Ana Tremblay")
    assert (await declares(luc, kind, words)).status_code == 200
    record = await desk.request(**given)
    assert record.excluded_agents == (luc.person.id,)
    assert await reaches(desk, luc, record) == {False}
    assert await reaches(desk, ana, record) == {True}
    other = await desk.request(
        place={"lon": -73.62, "lat": 45.55}, requester={"mode": "named", "name": "Max Fortin", "email": "m@exemple.ca"}
    )
    assert await reaches(desk, luc, other) == {True}


async def test_a_declaration_that_is_pressed_twice_stands_once(desk):
    luc = await desk.signed_in(name="Luc Roy")
    for kind in ("street", "street", "organisation"):
        assert (await declares(luc, kind, "rue Rachel")).status_code == 200
    assert [each.kind for each in await interests_in("parvis")] == ["organisation", "street"]
    (street,) = [each for each in await interests_in("parvis") if each.kind == "street"]
    await luc.post(f"/bureau/conflits/{street.id}/fin")
    assert (await declares(luc, "street", "rue Rachel")).status_code == 200
    assert len(await interests_in("parvis")) == 2


@pytest.mark.parametrize(
    ("kind", "declared", "given", "kept"),
    [
        ("address", "4563, rue Saint-Urbain", {"place": {"address": "4563 St-Urbain"}}, True),
        ("address", "4563, rue Saint-Urbain", {"place": {"address": "4563-2 St-Urbain Street"}}, True),
        ("address", "2-4563, rue Saint-Urbain, app. 3, Parvis", {"place": {"words": "face au 4563 st urbain"}}, True),
        ("address", "4563, rue Saint-Urbain", {"place": {"address": "456, rue Saint-Urbain"}}, False),
        ("address", "470, av. du Mont-Royal Est", {"place": {"address": "470 Mont-Royal Ouest"}}, False),
        ("address", "470, av. du Mont-Royal Est", {"place": {"address": "470 Mount Royal"}}, True),
        ("street", "rue Garnier", {"place": {"words": "coin Garnier et Mont-Royal"}}, True),
        ("street", "rue Garnier", {"place": {"address": "1200 Garnier St."}}, True),
        ("street", "rue Garnier", {"place": {"address": "1200, place Garnier"}}, False),
        ("street", "avenue du Parc", {"place": {"words": "dans le parc La Fontaine"}}, False),
        ("street", "avenue du Parc", {"place": {"address": "5500 Park Avenue"}}, True),
        ("person", "M. Gilles Dubé", {"requester": ZOE | {"name": "Gilles A. Dubé"}}, True),
        ("organisation", "Toitures Boréales inc.", {"requester": ZOE | {"name": "Toitures Boréales"}}, True),
        (
            "organisation",
            "Les Toitures Boréales, S.E.N.C.",
            {"requester": ZOE | {"name": "Toitures Boréales ltée"}},
            True,
        ),
    ],
)
async def test_a_declared_conflict_is_known_however_people_write_the_address_the_street_or_the_name(
    desk, kind, declared, given, kept
):
    ana = await desk.signed_in()
    assert (await declares(ana, kind, declared)).status_code == 200
    record = await desk.request(**given)
    assert await reaches(desk, ana, record) == {not kept}


async def test_open_files_of_before_are_kept_at_once_and_closed_ones_by_the_worker(desk):
    luc = await desk.signed_in(name="Luc Roy")
    held, over = await desk.request(), await desk.request()
    await assign(desk.host, held.reference, unit=held.unit, assignee=UUID(luc.person.id), actor=ANA)
    await make_move(desk.host, over.reference, "start", {}, actor=ANA, mover="agent")
    await make_move(desk.host, over.reference, "finish", {"reason": "Fait"}, actor=ANA, mover="agent")
    over = await desk.record(over.reference)
    await declares(luc, "person", "Zoé Côté")
    held = await desk.record(held.reference)
    assert (held.excluded_agents, held.assignee) == ((luc.person.id,), None)
    assert await reaches(desk, luc, held) == {False}
    if over.phase == "closed":
        with clock.moved_to(clock.now() + timedelta(minutes=5)):
            await obey_declared(desk.host)
            assert await obey_declared(desk.host) == 0
    assert (await desk.record(over.reference)).excluded_agents == (luc.person.id,)


async def test_a_file_that_comes_to_be_about_it_is_kept_from_then_on(desk):
    luc = await desk.signed_in(name="Luc Roy")
    await declares(luc, "street", "avenue du Mont-Royal")
    await declares(luc, "person", "Max Fortin")
    moved, renamed = await desk.request(), await desk.request()
    assert (moved.excluded_agents, renamed.excluded_agents) == ((), ())
    await assign(desk.host, moved.reference, unit=moved.unit, assignee=UUID(luc.person.id), actor=ANA)
    await amend(desk.host, moved.reference, place=Place(**AT, address=MONT_ROYAL), actor=ANA)
    moved = await desk.record(moved.reference)
    assert (moved.excluded_agents, moved.assignee) == ((luc.person.id,), None)
    person = Requester(name="Max Fortin", email="max@exemple.ca")
    await change_contact(desk.host, renamed.reference, person, "fr", actor=ANA)
    assert await reaches(desk, luc, await desk.record(renamed.reference)) == {False}


async def test_who_stands_in_with_lent_roles_is_kept_from_what_they_declared_themselves(desk):
    ana, luc = await desk.signed_in("agent", "roads", name="Ana"), await desk.signed_in("agent", "parks", name="Luc")
    now = clock.now()
    given = {"agent": ana.person.id, "deputy": luc.person.id, "lends": True}
    around = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=3)}
    async with transaction(desk.host.engine):
        await delegate(Delegation(id=new_id(), **given, **around), by="Ana")
    await declares(luc, "person", "Zoé Côté")
    record = await desk.request("hole", "roads")
    other = await desk.request("hole", "roads", requester={"mode": "anonymous"})
    assert (await luc.get(f"/bureau/requete/{record.reference}")).status_code == 404
    assert (await luc.get(f"/bureau/requete/{other.reference}")).status_code == 200


async def test_the_reason_is_read_by_the_privacy_officer_alone(desk):
    luc = await desk.signed_in(name="Luc Roy")
    shown = await declares(luc, "person", "Zoé Côté")
    assert "Zoé Côté" in shown.text
    assert SISTER not in shown.text
    record = await desk.request()
    officer = await desk.signed_in("privacy", name="Renée Privé")
    page = await officer.get("/bureau/conflits")
    for words in (SISTER, "Luc Roy", "Zoé Côté"):
        assert words in page.text
    for role in ("manager", "agent", "auditor"):
        other = await desk.signed_in(role, name=f"Rôle {role}")
        for path in ("/bureau/conflits", *(f"/bureau/requete/{record.reference}{each}" for each in ("", "/acces"))):
            assert SISTER not in (await other.get(path)).text, (role, path)
    assert not any(SISTER in str(entry) for entry in await entries_of(record))
    manager = await desk.signed_in("manager", name="Hélène")
    assert "Luc Roy" in (await manager.get(f"/bureau/requete/{record.reference}/acces")).text


async def test_who_answers_for_privacy_alone_reads_conflicts_written_on_requests_and_nobody_else_does(desk):
    record, other = await desk.request(), await desk.request()
    luc, officer = await desk.signed_in(name="Luc Roy"), await desk.signed_in("privacy", name="Renée Privé")
    path = f"/bureau/requete/{record.reference}/acces"
    await luc.get(path)
    await luc.post(path, **{"do": "keep", "keep.reason": SISTER})
    actor = Actor(kind="agent", id="helene", name="Hélène Dubé")
    back = "C’était un homonyme"
    await let_back(desk.host, record.reference, luc.person.id, "Luc Roy", back, actor=actor)
    await keep_away(desk.host, other.reference, officer.person.id, "Renée Privé", "Mon voisin", actor=actor)
    page = await officer.get("/bureau/conflits")
    written = page.text.partition('id="written"')[2]
    for words in (record.reference, "Luc Roy", SISTER, "Retiré", "Hélène Dubé", back, "Rétabli"):
        assert words in written
    assert other.reference not in page.text  # a conflict of the officer’s own is obeyed here as well
    assert (await officer.get(f"/bureau/requete/{record.reference}")).status_code == 404
    for role in ("manager", "agent", "auditor"):
        reader = await desk.signed_in(role, name=f"Rôle {role}")
        assert record.reference not in (await reader.get("/bureau/conflits")).text
    assert (await officer.get("/bureau/conflits?apres=rien")).status_code == 400


async def test_conflicts_written_on_requests_are_listed_page_by_page_and_never_those_of_another_town(desk):
    actor = Actor(kind="agent", id="helene", name="Hélène Dubé")
    luc, officer = await desk.signed_in(name="Luc Roy"), await desk.signed_in("privacy", name="Renée Privé")
    record = await desk.request()
    for number in range(26):
        reason = f"raison {number}."
        await keep_away(desk.host, record.reference, luc.person.id, "Luc Roy", reason, actor=actor)
        await let_back(desk.host, record.reference, luc.person.id, "Luc Roy", reason, actor=actor)
    first = (await officer.get("/bureau/conflits")).text
    assert "raison 25." in first
    assert "raison 0." not in first
    following = html.unescape(re.search(r'href="(/bureau/conflits[?]apres=[^"#]+)', first)[1])
    assert "raison 0." in (await officer.get(following)).text
    assert (await written_conflicts("rivemont")) == ((), "")


async def test_a_manager_does_not_let_back_whom_a_declaration_keeps_away_and_its_end_frees_later_files(desk):
    luc = await desk.signed_in(name="Luc Roy")
    await declares(luc, "person", "Zoé Côté")
    record = await desk.request()
    refused = await let_back(desk.host, record.reference, luc.person.id, "Luc Roy", "Besoin", actor=ANA)
    assert isinstance(refused, Denied)
    stranger = await desk.signed_in(name="Ève")
    await open_page(luc)
    [id] = re.findall(r'action="/bureau/conflits/([^/]+)/fin"', luc.page.text)
    await open_page(stranger)
    await stranger.post(f"/bureau/conflits/{id}/fin")
    assert said("This declaration had already ended.") in stranger.text
    await luc.post(f"/bureau/conflits/{id}/fin")
    assert said("The declaration has ended. Requests already withheld stay withheld.") in luc.text
    assert (await desk.request()).excluded_agents == ()
    assert (await desk.record(record.reference)).excluded_agents == (luc.person.id,)
    await let_back(desk.host, record.reference, luc.person.id, "Luc Roy", "Besoin", actor=ANA)
    assert (await desk.record(record.reference)).excluded_agents == ()


@pytest.mark.parametrize(
    ("kind", "words", "reason"),
    [
        ("address", "avenue du Mont-Royal", SISTER),
        ("street", "rue", SISTER),
        ("person", "Tremblay", SISTER),
        ("organisation", "à", SISTER),
        ("person", "Zoé Côté", ""),
        ("", "Zoé Côté", SISTER),
    ],
)
async def test_what_names_half_of_the_town_or_gives_no_reason_is_refused_with_what_was_typed(desk, kind, words, reason):
    luc = await desk.signed_in(name="Luc Roy")
    refused = await declares(luc, kind, words, reason)
    assert refused.status_code == 422
    assert f'value="{words}"' in refused.text
    assert (await desk.request()).excluded_agents == ()


async def test_a_declaration_of_one_town_is_none_of_another_s(desk):
    luc = await desk.signed_in(name="Luc Roy")
    await declares(luc, "person", "Zoé Côté")
    assert [each.words for each in await interests_in("parvis")] == ["Zoé Côté"]
    assert await interests_in("rivemont") == ()
    elsewhere = await desk.signed_in("privacy", jurisdiction="rivemont", name="Autre Ville")
    assert "Zoé Côté" not in (await elsewhere.get("/bureau/conflits")).text
