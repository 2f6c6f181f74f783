"""The queue: what it shows first, how it is narrowed by its address, how it is found again, what it costs."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from parvis import clock
from parvis.db import counted
from parvis.requests.amendments import assign
from parvis.requests.lifecycle import make_move
from parvis.requests.lists import search
from parvis.web.desk.lists import tabs
from parvis.web.desk.lists.filtering import ListQuery, read
from parvis.web.desk.lists.filters import LED_TO, QUEUE_FILTERS, Searcher, filters_of, names_of
from parvis_testing.desk import ANA, said

EVERY = (*QUEUE_FILTERS, *LED_TO)


def references(page) -> list[str]:
    """The requests of a page's table, in order."""
    return re.findall(r'<th scope="row">\s*<a href="/bureau/requete/([^"]+)"', page.text)


@pytest.fixture
async def three(desk):
    """Late, soon and far: in another order than they came."""
    with clock.moved_to(clock.now() - timedelta(days=20)) as moved:
        late = await desk.request(unit="roads")
        moved.forward(days=14)
        resolved = await desk.request(unit="roads")
        await make_move(desk.host, resolved.reference, "start", {}, actor=ANA, mover="agent")
        await make_move(desk.host, resolved.reference, "ask", {"reason": "Où ?"}, actor=ANA, mover="agent")
        moved.forward(days=6)
        usual = await desk.request(unit="lighting")
        urgent = await desk.request(unit="lighting", answers={"danger": True, "words": "Câble au sol"})
    return {"late": late, "waiting": resolved, "usual": usual, "urgent": urgent}


async def test_what_is_overdue_comes_first_and_what_waits_for_the_requester_last(desk, three):
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau")
    order = [three[name].reference for name in ("late", "urgent", "usual", "waiting")]
    assert references(page) == order
    row = page.text.split(three["late"].reference)[0].rsplit("<tr", 1)[1]
    assert "is-late" in row
    assert clerk.text.count(said("overdue")) == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("retard=oui", {"late"}),
        ("unite=public_works", {"late", "waiting", "usual", "urgent"}),
        ("unite=roads", {"late", "waiting"}),
        ("equipe=public_works", set()),
        ("phase=waiting_for_you", {"waiting"}),
        ("phase=received&phase=waiting_for_you&unite=lighting", {"usual", "urgent"}),
        ("type=hole", {"late", "waiting", "usual", "urgent"}),
        ("type=quarrel", set()),
        ("canal=phone", set()),
        ("q=cable%20SOL", {"urgent"}),
        ("q=cote", {"late", "waiting", "usual", "urgent"}),
        ("q=514%20555", {"late", "waiting", "usual", "urgent"}),
        ("ouvertes=non", set()),
        ("a=personne", {"late", "waiting", "usual", "urgent"}),
        ("a=moi", set()),
        ("a=not-an-agent", {"late", "waiting", "usual", "urgent"}),
        ("depuis=9999-99-99", {"late", "waiting", "usual", "urgent"}),
        ("jusqua=1999-01-01", set()),
        ("nonsense=1&tri=nonsense", {"late", "waiting", "usual", "urgent"}),
    ],
)
async def test_the_address_narrows_the_list(desk, three, query, expected):
    clerk = await desk.signed_in()
    page = await clerk.get(f"/bureau?{query}")
    assert page.status_code == 200
    assert set(references(page)) == {three[name].reference for name in expected}


async def test_days_are_those_of_the_town_and_the_last_one_counts_whole(desk, three):
    clerk = await desk.signed_in()
    day = (clock.now() - timedelta(days=20)).astimezone(ZoneInfo("America/Toronto")).date().isoformat()
    page = await clerk.get(f"/bureau?depuis={day}&jusqua={day}")
    assert references(page) == [three["late"].reference]


async def test_a_slip_is_forgiven_and_said_so(desk, three):
    clerk = await desk.signed_in()
    words = "Aucune requête ne contient exactement ces mots."
    close = await clerk.get("/bureau?q=rachle")
    assert set(references(close)) == {one.reference for one in three.values()}
    assert words in close.text
    assert words not in (await clerk.get("/bureau?q=rachel")).text
    assert words not in (await clerk.get("/bureau?q=introuvable")).text


async def test_one_letter_finds_nothing_and_the_page_says_what_is_needed(desk, three):
    clerk = await desk.signed_in()
    assert references(await clerk.get("/bureau?q=é")) == []
    assert said("Type at least two letters or digits.") in clerk.text


async def test_where_counting_stops_the_page_says_more_than(desk, three, monkeypatch):
    monkeypatch.setattr(search, "MOST_COUNTED", 3)
    clerk = await desk.signed_in()
    assert "plus de 3 requêtes" in (await clerk.get("/bureau")).text


async def test_mine_are_mine(desk, three):
    clerk = await desk.signed_in()
    await clerk.get(f"/bureau/requete/{three['usual'].reference}")
    await clerk.post(f"/bureau/requete/{three['usual'].reference}/attribution", _take="1")
    assert references(await clerk.get("/bureau?a=moi")) == [three["usual"].reference]
    assert three["usual"].reference not in references(await clerk.get("/bureau?a=personne"))


async def test_each_filter_in_force_is_a_chip_that_takes_it_away(desk, three):
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau?unite=roads&retard=oui&q=trou")
    chips = re.search(r'(?s)<ul class="filters".*?</ul>', page.text)[0]
    away = {
        re.sub(r"<[^>]+>", "", words).strip(): href
        for href, words in re.findall(r'(?s)href="([^"]+)">(.*?)<svg', chips)
    }
    assert away == {
        "«\u00a0trou\u00a0»": "/bureau?retard=oui&amp;unite=roads",
        said("Overdue"): "/bureau?q=trou&amp;unite=roads",
        "Voirie": "/bureau?q=trou&amp;retard=oui",
    }


async def test_a_reference_typed_any_way_opens_its_request(desk, three):
    clerk = await desk.signed_in()
    typed = three["late"].reference.lower().replace("-", " ")
    page = await clerk.get(f"/bureau?q={typed}")
    assert page.url.path == f"/bureau/requete/{three['late'].reference}"
    assert (await clerk.get(f"/bureau/requete/{typed}")).url.path == f"/bureau/requete/{three['late'].reference}"


async def test_pages_follow_each_other_without_gaps_at_the_same_cost(desk):
    clerk = await desk.signed_in()
    await desk.request()
    await clerk.get("/bureau")
    with counted() as few:
        await clerk.get("/bureau")
    made = {(await desk.request()).reference for _ in range(60)}
    with counted() as many:
        page = await clerk.get("/bureau?tri=newest")
    assert few.count == many.count <= 5  # the session, the menu, the list, the lists kept; colleagues now and then
    assert len(page.content) < 90_000
    seen = references(page)
    assert len(seen) == 50
    following = re.search(r'href="([^"]+)" rel="next"', page.text)[1].replace("&amp;", "&")
    page = await clerk.get(following)
    seen += references(page)
    assert len(seen) == len(set(seen)) == 61
    assert made < set(seen)
    assert 'rel="next"' not in page.text


async def test_an_address_made_up_is_a_plain_refusal(desk):
    clerk = await desk.signed_in()
    assert (await clerk.get("/bureau?apres=zzz")).status_code == 400


async def test_the_sheet_holds_the_same_list_and_no_cell_runs(desk, three):
    bad = await desk.request(place={"lon": -73.5807, "lat": 45.5236, "address": "=HYPERLINK(1)"})
    clerk = await desk.signed_in()
    sheet = await clerk.http.get("/bureau/liste.csv?type=hole")
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in sheet.headers["content-disposition"]
    lines = sheet.text.lstrip("\ufeff").splitlines()
    assert len(lines) == 6
    assert lines[0].startswith(",".join(map(said, ("Reference", "Type", "State"))))
    assert f"{bad.reference},Trou,Reçue,'=HYPERLINK(1)" in sheet.text
    assert "Zoé" not in sheet.text


async def test_names_of_colleagues_stand_beside_their_requests(desk, three):
    clerk = await desk.signed_in(name="Luc Roy")
    await assign(desk.host, three["late"].reference, assignee=_uuid(clerk), actor=ANA)
    await clerk.get("/bureau")
    assert "Luc Roy Voirie" in clerk.text


def _uuid(clerk):
    from uuid import UUID

    return UUID(clerk.person.id)


def test_an_address_is_read_and_written_in_one_order():
    asked = read(
        [("unite", "roads"), ("q", " trou\x00 "), ("unite", "roads"), ("hack", "1"), ("apres", "x"), ("q", "")],
        names_of(EVERY),
    )
    assert asked.values == {"apres": ("x",), "q": ("trou",), "unite": ("roads",)}
    assert asked.with_(tri="newest").address("/bureau") == "/bureau?q=trou&tri=newest&unite=roads"
    assert asked.without("unite", "roads").address("/bureau") == "/bureau?q=trou"
    assert ListQuery().address("/bureau") == "/bureau"


def test_a_priority_narrows_the_list(jurisdictions):
    town = jurisdictions.jurisdiction("parvis")
    given = [("priorite", "2"), ("priorite", "x")]
    filters = filters_of(read(given, names_of(EVERY)), Searcher(person="", town=town), EVERY)
    assert filters.priorities == (2,)


def test_a_unit_stands_for_those_below_it(jurisdictions):
    town = jurisdictions.jurisdiction("parvis")
    anybody = Searcher(person="", town=town)
    assert "roads" in filters_of(ListQuery(values={"unite": ("public_works",)}), anybody, EVERY).units
    assert filters_of(ListQuery(values={"equipe": ("public_works",)}), anybody, EVERY).units == ("public_works",)
    assert filters_of(ListQuery(values={"unite": ("unheard_of",)}), anybody, EVERY).units == ("unheard_of",)


async def test_my_units_are_those_that_i_work_for_and_those_below(desk, three):
    clerk = await desk.signed_in("agent", "roads")
    assert set(references(await clerk.get("/bureau?unite=moi"))) == {
        three["late"].reference,
        three["waiting"].reference,
    }
    assert said("My unit’s") in clerk.text
    everywhere = await desk.signed_in("agent", name="Luc")
    assert len(references(await everywhere.get("/bureau?unite=moi"))) == 4
    assert said("My unit’s") not in re.search(r'(?s)<ul class="views.*?</ul>', everywhere.page.text)[0]


async def test_what_waits_for_another_system_is_a_view_of_its_own(desk, three):
    clerk = await desk.signed_in()
    assert references(await clerk.get("/bureau?attente=oui")) == []
    assert said("Waiting for another system") in clerk.text


async def test_the_next_of_a_list_that_nobody_holds_becomes_mine(desk, three):
    clerk = await desk.signed_in("agent", "public_works")
    await clerk.get("/bureau?unite=lighting")
    page = await clerk.post("/bureau/suivante", unite="lighting")
    assert page.url.path == f"/bureau/requete/{three['urgent'].reference}"
    assert said("The request is assigned to you.") in clerk.text
    assert str((await desk.record(three["urgent"].reference)).assignee) == clerk.person.id
    await clerk.post("/bureau/suivante", unite="lighting")
    page = await clerk.post("/bureau/suivante", unite="lighting")
    assert (page.url.path, page.url.query) == ("/bureau", b"unite=lighting&fait=aucune")
    assert said("No request in this list is available: each one is assigned or on hold.") in clerk.text


async def test_a_list_is_kept_under_a_name_without_the_words_looked_for_and_shared(desk, three):
    clerk = await desk.signed_in("agent", "public_works")
    colleague = await desk.signed_in("agent", "roads", name="Luc")
    other = await desk.signed_in("agent", "parks", name="Eva")
    page = await clerk.get("/bureau?retard=oui&q=Côté&unite=roads")
    query = re.search(r'name="query" value="([^"]+)"', page.text)[1].replace("&amp;", "&")
    assert query == "retard=oui&unite=roads"
    page = await clerk.post("/bureau/vues", query=f"{query}&q=C%C3%B4t%C3%A9&x=1", nom="Nos retards", avec="roads")
    assert said("The list is saved.") in clerk.text
    for who, sees in ((clerk, True), (colleague, True), (other, False)):
        page = await who.get("/bureau?retard=oui&unite=roads")
        assert ('href="/bureau?retard=oui&amp;unite=roads" aria-current="page"' in page.text) is sees
    drop = re.search(r'action="(/bureau/vues/[^"]+/retirer)"', (await clerk.get("/bureau")).text)[1]
    assert (await colleague.post(drop)).status_code == 404
    await clerk.post(drop)
    assert "Nos retards" not in clerk.text


async def test_a_list_is_not_shared_with_a_unit_that_one_does_not_see(desk, three):
    clerk = await desk.signed_in("agent", "roads")
    for given in ({"avec": "parks", "nom": "X"}, {"avec": "", "nom": " "}, {"avec": "", "nom": "X", "query": "q=Zoé"}):
        await clerk.post("/bureau/vues", **({"query": "retard=oui"} | given))
        assert said("Add at least one filter, then name the list.") in clerk.text


async def test_columns_are_chosen_in_an_order_kept_with_the_list_and_followed_by_the_sheet(desk, three):
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau?tri=newest&col=canal&col=modifiee&col=rien&col=canal")
    assert headings(page) == [said(each) for each in ("Request", "Channel", "Updated")]
    page = await clerk.get("/bureau?tri=newest&col=canal&col=modifiee")
    query = re.search(r'name="query" value="([^"]+)"', page.text)[1].replace("&amp;", "&")
    await clerk.post("/bureau/vues", query=query, nom="Par canal", avec="")
    assert 'href="/bureau?col=canal&amp;col=modifiee&amp;tri=newest"' in clerk.page.text
    sheet = await clerk.http.get("/bureau/liste.csv?col=canal&col=lieu")
    assert sheet.text.lstrip("\ufeff").splitlines()[0] == ",".join(map(said, ("Reference", "Type", "Channel", "Place")))


async def test_without_a_choice_the_usual_columns_stand_there_and_another_list_keeps_a_choice(desk, three):
    clerk = await desk.signed_in()
    page = await clerk.get("/bureau?col=rien")
    usual = ("Request", "Place", "State", "Promised date", "Unit and person", "Received on")
    assert headings(page) == [said(each) for each in usual]
    page = await clerk.get("/bureau?col=zone")
    assert f'href="/bureau?a=moi&amp;col=zone">{said("Mine")}' in page.text
    assert f'aria-current="page">{said("All open")}' in page.text


async def test_each_person_keeps_columns_their_order_and_the_height_of_rows(desk, three):
    clerk = await desk.signed_in()
    await clerk.get("/bureau?retard=oui")
    display = "/bureau/affichage"
    usual = ["Request", "Place", "State", "Promised date", "Unit and person", "Received on"]
    assert "requests--dense" in clerk.page.text
    await clerk.post(display, query="retard=oui", droite="lieu")
    assert headings(clerk.page) == [said(each) for each in ("Request", "State", "Place", *usual[3:])]
    assert str(clerk.page.url).endswith("/bureau?retard=oui&affichage=1#affichage")
    for press in ({"gauche": "lieu"}, {"gauche": "lieu"}, {"retirer": "recue"}, {"ajouter": "1", "colonne": "canal"}):
        await clerk.post(display, **press)
    await clerk.post(display, rangees="aeree")
    page = await clerk.get("/bureau")
    assert headings(page) == [said(each) for each in (*usual[:5], "Channel")]
    assert "requests--roomy" in page.text
    assert "col=canal" in re.search(r'href="(/bureau/liste.csv[^"]*)"', page.text)[1]
    assert headings(await clerk.get("/bureau?col=zone")) == [said("Request"), said("Zone")]
    other = await desk.signed_in(name="Luc Roy")
    assert headings(await other.get("/bureau")) == [said(each) for each in usual]
    await clerk.post(display, usuelles="1")
    assert headings(clerk.page) == [said(each) for each in usual]
    await clerk.post("/bureau/vues", query="retard=oui", nom="En retard, ainsi", avec="", colonnes="1")
    assert "col=lieu&amp;col=etat" in clerk.page.text


async def test_lists_tell_how_much_is_in_them_in_the_statement_of_the_menu(desk, three, monkeypatch):
    clerk = await desk.signed_in("agent", "roads", name="Luc Roy")
    await assign(desk.host, three["late"].reference, assignee=_uuid(clerk), actor=ANA)
    page = await clerk.get("/bureau")
    assert numbers(page) == {"All open": "2", "Mine": "1", "My unit’s": "2", "Unassigned": "1", "Overdue": "1"} | {
        "Waiting for the requester": "1",
    }
    monkeypatch.setattr(tabs, "MANY", 2)
    assert numbers(await clerk.get("/bureau"))["All open"] == "1+"


async def test_a_row_begins_with_the_words_and_the_picture_that_the_person_may_see(desk, three):
    clerk = await desk.signed_in()
    assert "</span>Câble au sol</a>" in (await clerk.get("/bureau")).text


def numbers(page):
    found = re.findall(r'>([^<>]+?) <span class="views__number">([^<]+)<', page.text)
    english = {said(each): each for each in (*LISTS, "Overdue")}
    return {english[text]: number for text, number in found}


LISTS = ("All open", "Mine", "My unit’s", "Unassigned", "Waiting for the requester")


def headings(page):
    found = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page.text)
    return [re.sub("<[^>]+>", "", each) for each in found]
