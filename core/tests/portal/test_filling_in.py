"""A form without scripts, from the first step to the receipt: nothing typed is ever lost, and nothing is sent twice."""

import pytest

from parvis import clock
from parvis.db import counted
from parvis.jurisdictions.owners import Owner
from parvis.requests.lists.search import Filters, public_requests
from parvis.requests.records import find
from parvis_sdk.text import Text
from parvis_testing.known_addresses import known_in

SERVICE = "/fr/demande/rues/nid-de-poule"
ELOISE = {"mode": "named", "name": "Éloïse Tremblay", "email": "eloise@exemple.ca"}


async def at_identity(browser):
    """A person who has answered everything but who they are."""
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "small", "danger": "no"})
    return await browser.send({})


async def sent(browser):
    await at_identity(browser)
    await browser.send(ELOISE)
    return await browser.send()


async def test_a_person_goes_from_the_place_to_the_receipt(browser, host):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    assert browser.path == f"{SERVICE}/1"
    await browser.send({"size": "large", "depth": "12", "danger": "oui"})
    assert browser.path == f"{SERVICE}/2"
    await browser.send({"why": "Les vélos tombent."})
    assert browser.path == f"{SERVICE}/3"
    await browser.send({})
    assert browser.path == f"{SERVICE}/coordonnees"
    await browser.send(ELOISE)
    assert browser.path == f"{SERVICE}/verification"
    for words in ("4563, rue Saint-Urbain", "Grand", "12", "Oui", "Les vélos tombent.", "Éloïse Tremblay"):
        assert words in browser.text
    await browser.send()
    assert browser.path.endswith("/recu")
    reference = browser.path.split("/")[3]
    assert reference in browser.text
    assert "au plus tard le" in browser.text
    assert "cle=" in browser.page.text
    record = await find(host, reference)
    assert record.answers == {"size": "large", "depth": 12, "danger": True, "why": "Les vélos tombent."}
    assert record.place.address == "4563, rue Saint-Urbain"
    assert record.place.lon is not None
    assert (record.channel, record.language, record.identity) == ("portal", "fr", "named")


async def test_a_section_whose_condition_is_not_met_is_no_step(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "small", "danger": "no"})
    assert browser.path == f"{SERVICE}/3"
    await browser.open(f"{SERVICE}/2")
    assert browser.path != f"{SERVICE}/2"


async def test_all_problems_of_a_step_stand_first_and_everything_typed_is_kept(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "large", "depth": "douze"})
    assert browser.status == 422
    assert "Il y a 2 problèmes" in browser.text
    assert 'href="#depth"' in browser.page.text
    assert 'href="#danger"' in browser.page.text
    assert 'value="douze"' in browser.page.text
    assert browser.page.text.index("error-summary") < browser.page.text.index("<form")
    await browser.open(f"{SERVICE}/1")
    assert 'value="douze"' in browser.page.text


async def test_one_may_go_back_and_forth_without_loss_and_not_ahead(browser):
    await at_identity(browser)
    await browser.open(f"{SERVICE}/1")
    assert ("size", "small") in browser.form()["fields"]
    await browser.open(SERVICE)
    assert ("place.address", "4563, rue Saint-Urbain") in browser.form()["fields"]
    await browser.open(f"{SERVICE}/verification")
    assert browser.path == f"{SERVICE}/coordonnees"


async def test_changing_an_answer_at_the_review_leads_back_to_the_review(browser):
    await at_identity(browser)
    await browser.send(ELOISE)
    await browser.open(f"{SERVICE}/1")
    await browser.send({"size": "large", "depth": "3"})
    assert browser.path == f"{SERVICE}/verification"
    assert "Grand" in browser.text


async def test_an_answer_that_opens_a_new_step_leads_to_it_before_the_review(browser):
    await at_identity(browser)
    await browser.send(ELOISE)
    await browser.open(f"{SERVICE}/1")
    await browser.send({"danger": "yes"})
    assert browser.path == f"{SERVICE}/2"
    await browser.send({"why": "Profond."})
    assert browser.path == f"{SERVICE}/verification"


async def test_pressing_send_twice_or_reloading_makes_one_request(browser, host, app):
    await at_identity(browser)
    await browser.send(ELOISE)
    review = browser.page
    await browser.send()
    first = browser.path
    browser.page = review
    await browser.send()
    assert browser.path == first
    await browser.open(first)
    assert browser.status == 200
    found = await public_requests(host, "parvis", Filters())
    assert found.total == 1


async def test_two_tabs_of_one_form_share_the_draft_and_send_one_request(browser, host):
    await at_identity(browser)
    other = browser.page
    await browser.send(ELOISE)
    await browser.send()
    receipt = browser.path
    browser.page = other
    await browser.send({"mode": "named", "name": "Autre", "email": "autre@exemple.ca"})
    assert browser.path == receipt
    assert (await public_requests(host, "parvis", Filters())).total == 1


async def test_after_sending_the_form_begins_anew(browser):
    await sent(browser)
    await browser.open(SERVICE)
    assert ("place.address", "") in browser.form()["fields"]


async def test_the_language_switch_keeps_the_page_and_what_was_typed(browser):
    await at_identity(browser)
    await browser.open("/en/request/streets/pothole/contact")
    assert browser.status == 200
    assert "Your contact details" in browser.text
    await browser.open("/en/request/streets/pothole/1")
    assert ("size", "small") in browser.form()["fields"]


async def test_an_anonymous_person_leaves_no_name(browser, host):
    await at_identity(browser)
    await browser.send({"mode": "anonymous", "name": "Zoé", "email": ""})
    await browser.send()
    record = await find(host, browser.path.split("/")[3])
    assert record.identity == "anonymous"
    await browser.open(f"/fr/suivi/{record.reference}")
    assert "Zoé" not in browser.text


async def test_a_named_person_must_be_reachable(browser):
    await at_identity(browser)
    await browser.send({"mode": "named", "name": "Zoé"})
    assert browser.status == 422
    assert "un courriel ou un numéro de téléphone" in browser.text


# Places.


async def test_an_address_that_several_answer_to_is_chosen_from_a_list(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "saint-urbain", "_find": "1"})
    assert browser.path == SERVICE
    assert "Quelle est l’adresse?" in browser.text
    offered = browser.page.text.split('name="choice" type="radio" value="')[1].split('"')[0]
    await browser.send({"choice": offered})
    assert browser.path == f"{SERVICE}/1"
    await browser.open(SERVICE)
    fields = dict(browser.form()["fields"])
    assert fields["place.address"] == offered
    assert fields["place.lon"]


async def test_going_on_with_a_vague_address_asks_which_one_is_meant(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "saint-urbain"})
    assert "Quelle est l’adresse?" in browser.text
    assert browser.status == 200
    await browser.send({})
    assert browser.status == 422
    await browser.send({"choice": "as_typed"})
    assert browser.path == f"{SERVICE}/1"


async def test_an_address_that_nobody_knows_may_be_described_instead(browser, host):
    await browser.open(SERVICE)
    await browser.send({"place.address": "99 rue Zzyzx"})
    assert browser.status == 422
    assert "Nous n’avons pas trouvé cette adresse" in browser.text
    await browser.send({"place.words": "Derrière l’aréna"})
    assert browser.path == f"{SERVICE}/1"


async def test_rewriting_an_address_forgets_the_point_of_the_earlier_one(browser):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.open(SERVICE)
    before = dict(browser.form()["fields"])["place.lon"]
    other = known_in("parvis").search("rachel", 1)[0].text
    await browser.send({"place.address": other})
    await browser.open(SERVICE)
    fields = dict(browser.form()["fields"])
    assert fields["place.address"] == other
    assert fields["place.lon"] != before


async def test_a_place_outside_the_town_is_told_and_the_text_is_kept(browser):
    await browser.open(SERVICE)
    await browser.send({"place.lon": "-71.2", "place.lat": "46.8", "place.words": "Devant le château"})
    assert browser.status == 422
    assert "en dehors du territoire" in browser.text
    assert 'value="Devant le château"' in browser.page.text


async def test_a_place_that_others_look_after_names_them_and_keeps_the_text(browser, monkeypatch):
    ministry = Owner(
        code="ministry",
        name=Text(fr="Ministère des Transports", en="Ministry of Transport"),
        link="https://ministere.example/",
        phone="511",
    )
    monkeypatch.setattr("parvis.requests.places.owner_of", lambda *where: ministry)
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain", "place.words": "Près du viaduc"})
    assert browser.status == 422
    assert "Cet endroit relève de : Ministère des Transports" in browser.text
    assert 'href="https://ministere.example/"' in browser.page.text
    assert 'value="Près du viaduc"' in browser.page.text


async def test_a_pin_gets_the_nearest_address(browser):
    (where,) = known_in("parvis").search("4563 rue saint-urbain", 1)
    await browser.open(SERVICE)
    await browser.send({"place.lon": str(where.lon), "place.lat": str(where.lat)})
    await browser.open(SERVICE)
    assert ("place.address", "4563, rue Saint-Urbain") in browser.form()["fields"]


# Files and groups.


async def test_photos_are_received_shown_again_taken_out_and_sent(browser, jpeg, host):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "small", "danger": "no"})
    photo = ("photos", ("trou é.jpg", jpeg, "image/jpeg"))
    other = ("photos", ("autre.jpg", jpeg, "image/jpeg"))
    await browser.send({}, files=[photo, other])
    await browser.open(f"{SERVICE}/3")
    assert "trou é.jpg" in browser.text
    assert "Retirer autre.jpg" in browser.text
    address = browser.page.text.split('<img src="')[1].split('"')[0]
    small = await browser.http.get(f"http://127.0.0.1{address}")
    assert (small.headers["content-type"], small.content[8:12]) == ("image/webp", b"WEBP")
    whole = await browser.http.get(f"http://127.0.0.1{address.removesuffix('?petite')}")
    assert (whole.headers["content-type"], whole.content[:2]) == ("image/jpeg", b"\xff\xd8")
    ids = [value for name, value in browser.form()["fields"] if name == "photos"]
    await browser.send({"_remove": ids[1]})
    assert browser.path == f"{SERVICE}/3"
    assert "autre.jpg" not in browser.text
    await browser.send({})
    await browser.send(ELOISE)
    assert "trou é.jpg" in browser.text
    await browser.send()
    record = await find(host, browser.path.split("/")[3])
    assert record.answers["photos"] == [ids[0]]


async def test_a_file_of_another_kind_is_told_and_the_others_are_kept(browser, jpeg):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "small", "danger": "no"})
    await browser.send(
        {},
        files=[
            ("photos", ("virus.jpg", b"MZ\x90\x00 this is no picture", "image/jpeg")),
            ("photos", ("bonne.jpg", jpeg, "image/jpeg")),
        ],
    )
    assert browser.status == 422
    assert "virus.jpg" in browser.text
    assert "Retirer bonne.jpg" in browser.text


async def test_a_preview_is_seen_by_its_sender_only(browser, visitor, jpeg):
    await browser.open(SERVICE)
    await browser.send({"place.address": "4563 rue saint-urbain"})
    await browser.send({"size": "small", "danger": "no"})
    await browser.send({}, files=[("photos", ("a.jpg", jpeg, "image/jpeg"))])
    await browser.open(f"{SERVICE}/3")
    address = browser.page.text.split('<img src="')[1].split('"')[0]
    assert (await browser.http.get(f"http://127.0.0.1{address}")).status_code == 200
    assert (await visitor().http.get(f"http://127.0.0.1{address}")).status_code == 404


async def test_rows_of_a_group_are_added_and_taken_out_without_scripts(browser, host, jpeg):
    lamps = "/fr/demande/rues/lampadaires"
    await browser.open(lamps)
    await browser.send({"lamps.0.number": "A-1", "_add": "lamps"})
    assert browser.path == lamps
    await browser.send({"lamps.1.number": "B-2", "_add": "lamps"})
    await browser.send({"lamps.2.number": "C-3", "_drop": "lamps.1"})
    values = dict(browser.form()["fields"])
    assert (values["lamps.0.number"], values["lamps.1.number"]) == ("A-1", "C-3")
    assert "lamps.2.number" not in values
    await browser.send({})
    assert browser.status == 422
    await browser.send({"agree": "yes"}, files=[("lamps.1.photo", ("c.jpg", jpeg, "image/jpeg"))])
    assert browser.path == f"{lamps}/verification"
    assert "c.jpg" in browser.text
    await browser.send({"name": "Éloïse", "email": "e@exemple.ca"})
    record = await find(host, browser.path.split("/")[3])
    assert [lamp["number"] for lamp in record.answers["lamps"]] == ["A-1", "C-3"]
    assert len(record.answers["lamps"][1]["photo"]) == 1


async def test_the_pages_of_a_form_ask_the_database_a_constant_number_of_times(browser, visitor, jpeg):
    await at_identity(browser)
    counts = {}
    with clock.moved_to(clock.now()):  # what the town promises is read again after some seconds of a slow machine
        await browser.open(SERVICE)
        for step in ("", "/1", "/3", "/coordonnees"):
            with counted() as queries:
                await browser.open(SERVICE + step)
            counts[step] = queries.count
    assert set(counts.values()) == {2}


@pytest.mark.parametrize("step", ["9", "lieux", "..", "%00", "verification%00", "0", "-1", "1.5"])
async def test_a_step_that_does_not_exist_is_not_found(browser, step):
    await at_identity(browser)
    response = await browser.http.get(f"http://127.0.0.1{SERVICE}/{step}", follow_redirects=False)
    expected = {"..": (404, 200), "%00": (400,), "verification%00": (400,)}
    assert response.status_code in expected.get(step, (404,))
