"""Opening a request for somebody at the telephone: looked up, chosen and sent by presses, nothing lost between."""

import re

import pytest
from litestar.exceptions import HTTPException

from parvis.db.tables import OwedContact, ServiceRequest
from parvis.requests.contacts import contact_of
from parvis.requests.history import entries_of
from parvis_telephone.spelling import spoken
from parvis_telephone.tables import InformationGiven as InformedRow
from parvis_testing.desk import counted_as, said
from parvis_testing.known_addresses import known_in
from parvis_testing.sheet import NEW, RACHEL, fields, press

RACHEL_PLACE = {"address": "1234, rue Rachel Est", "lon": -73.5807, "lat": 45.5236}
LUC = {"requester.name": "Luc", "requester.phone": "450 555-0100", "_send": "1"}


async def test_a_call_from_first_word_to_reference_without_scripts(desk):
    (there,) = known_in("parvis").search("4563 rue saint-urbain", 1)
    zoe = {"mode": "named", "name": "Zoé Côté", "phone": "514 555-0101"}
    place = {"lon": there.lon, "lat": there.lat, "address": there.text}
    known = await desk.request("hole", "roads", requester=zoe, place=place)
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, who="514 555-0101", _find="1")
    assert "Zoé Côté" in clerk.text
    assert counted_as("%(num)s open request", "%(num)s open requests", 1) in clerk.text
    await press(clerk, _person=known.reference)
    await press(clerk, **{"place.address": "4563 rue saint urbain", "_find": "1"})
    assert known.reference in clerk.page.text
    assert counted_as("%(num)s open request around here", "%(num)s open requests around here", 1) in clerk.text
    await press(clerk, what="gros trous dans la ru", _find="1")
    assert 'name="_type" value="hole"' in clerk.page.text
    await press(clerk, _type="hole")
    filled = fields(clerk.page)
    assert filled["requester.name"] == "Zoé Côté"
    assert filled["requester.phone"].replace("\u00a0", " ") == "514 555-0101"
    assert filled["answers.words"] == "gros trous dans la ru"
    assert filled["place.lon"]
    refused = await press(clerk, _send="1")
    assert refused.status_code == 422
    assert 'href="#answers-danger"' in refused.text or 'href="#danger"' in refused.text
    await press(clerk, answers__danger="yes", channel="counter", language="en", _send="1")
    assert said("The request has been opened") in clerk.text
    reference = re.search(r'class="reference">([0-9A-Z-]{11})<', clerk.page.text)[1]
    record = await desk.record(reference)
    assert (record.type, record.channel, record.language) == ("hole", "counter", "en")
    assert record.answers == {"danger": True, "words": "gros trous dans la ru"}
    contact = await contact_of(record)
    assert (contact.name, contact.phone) == ("Zoé Côté", "+15145550101")
    first = (await entries_of(record))[0]
    assert (first.actor.kind, first.actor.name) == ("agent", clerk.person.name)
    assert spoken(reference, "en")[0].said in clerk.text


@pytest.mark.parametrize("words", ["trou", "TROUS dans la rue", "there is a hole", "big hoel in street", "trouu"])
async def test_the_type_is_found_by_words_of_either_language_with_typos(desk, words):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, what=words, _find="1")
    found = re.search(r'(?s)<div id="found-types".*?</div>', clerk.page.text)[0]
    assert re.findall(r'value="(\w+)"', found)[0] == "hole"


async def test_one_box_finds_a_request_by_half_its_number_by_its_address_and_points_out_a_misheard_letter(desk):
    hidden = await desk.request("hole", "lighting", place=RACHEL_PLACE)
    known = await desk.request("hole", "roads", place=RACHEL_PLACE)
    clerk = await desk.signed_in("agent", "roads")
    wrong = "Z" if known.reference[0] != "Z" else "Y"
    for typed in (known.reference[:4], "1234 rachel", f"{wrong}{known.reference[1:]}"):
        await clerk.get(NEW)
        await press(clerk, who=typed, _find="1")
        assert f'href="/bureau/requete/{known.reference}"' in clerk.page.text, typed
        assert hidden.reference not in clerk.page.text
    assert said("No request has this number. A character may be missing or misheard:") in clerk.text


async def test_requests_of_a_person_stand_beside_with_their_type_and_state_until_another_is_chosen(desk):
    zoe = {"mode": "named", "name": "Zoé Gagnon", "phone": "514 555-0101"}
    known = await desk.request("hole", "roads", requester=zoe)
    await desk.request("hole", "roads", requester={"mode": "named", "name": "Luc Gagnon", "phone": "514 555-0102"})
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, who="ganion", _find="1")
    assert said("No one has exactly that name. Did you mean:") in clerk.text
    assert clerk.page.text.count('name="_person"') == 2
    await press(clerk, _person=known.reference)
    assert clerk.page.text.count('name="_person"') == 1
    told = re.search(r'(?s)<ul class="near their-requests">.*?</ul>', clerk.page.text)[0]
    assert "Trou" in told
    assert 'class="chip' in told
    await press(clerk, _anew="1")
    assert clerk.page.text.count('name="_person"') == 2


async def test_what_a_person_said_of_themselves_fills_the_form_when_nobody_knows_them(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, who="Harold Pike, (514) 555-0163 harold@exemple.ca", _type="hole")
    filled = fields(clerk.page)
    assert filled["requester.name"] == "Harold Pike"
    assert filled["requester.phone"].replace("\u00a0", " ") == "(514) 555-0163"
    assert filled["requester.email"] == "harold@exemple.ca"


async def test_words_that_say_nothing_lead_to_all_types(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, what="xyzzy", who="qwertyuiop", _find="1")
    assert said("No type matches these words. Choose one below.") in clerk.text
    assert said("No one found. Enter their details below.") in clerk.text
    assert 'name="_type" value="quarrel"' in clerk.page.text


async def test_pressing_send_twice_opens_one_request(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", **RACHEL)
    page = clerk.page
    for _ in range(2):
        clerk.page = page
        await press(clerk, **{"answers.danger": "no", **LUC})
        assert said("The request has been opened") in clerk.text
    assert await ServiceRequest.count() == 1


async def test_an_address_among_several_is_chosen_and_one_rewritten_loses_its_point(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, **{"place.address": "rachel", "_find": "1"})
    offered = re.findall(r'name="_address" value="([^"]+)"', clerk.page.text)
    assert len(offered) > 1
    await press(clerk, _address=offered[1])
    chosen = fields(clerk.page)
    assert chosen["place.address"] == offered[1]
    assert chosen["place.lon"]
    await press(clerk, **{"place.address": "nulle part en ce monde", "_find": "1"})
    assert fields(clerk.page)["place.lon"] == ""
    await press(clerk, _type="hole")
    await press(clerk, **{"answers.danger": "no", **LUC})
    assert clerk.page.status_code == 422
    unknown = "This address is not on file. Correct it or describe the place in words."
    assert said(unknown) in clerk.text
    await press(clerk, **{"place.words": "Devant l’école", "_send": "1"})
    assert said("The request has been opened") in clerk.text


async def test_a_place_outside_the_town_is_told_and_everything_stays(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", **{"place.address": "Ailleurs", "place.lon": "-71.2", "place.lat": "46.8"})
    given = {"answers.danger": "no", "requester.name": "Luc", "requester.phone": "450 555-0100", "_send": "1"}
    answer = await press(clerk, **given)
    assert answer.status_code == 422
    assert "en dehors du territoire" in clerk.text
    assert fields(answer)["requester.name"] == "Luc"


async def test_a_confidential_complaint_by_phone_keeps_who_called_to_itself(desk):
    clerk = await desk.signed_in("clerk")
    await clerk.get(NEW)
    await press(clerk, _type="quarrel")
    assert fields(clerk.page)["requester.mode"] == "confidential"
    given = {"answers.kind": "noise", "requester.name": "Zoé Côté", "requester.phone": "450 555-0100", "_send": "1"}
    await press(clerk, **given)
    reference = re.search(r'class="reference">([0-9A-Z-]{11})<', clerk.page.text)[1]
    shown = await clerk.get(f"/bureau/requete/{reference}")
    assert "Zoé Côté" not in shown.text
    await clerk.get(NEW)
    await press(clerk, who="Zoé Côté", _find="1")
    assert 'name="_person"' not in clerk.page.text


async def test_whoever_opened_a_request_sees_its_receipt_even_where_it_went_elsewhere(desk):
    roads = await desk.signed_in("agent", "roads")
    await roads.get(NEW)
    await press(roads, _type="quarrel")
    await press(roads, **{"answers.kind": "dog", **LUC})
    assert said("The request has been opened") in roads.text
    reference = re.search(r'class="reference">([0-9A-Z-]{11})<', roads.page.text)[1]
    assert f"/bureau/requete/{reference}" not in roads.page.text
    other = await desk.signed_in("agent", "lighting", name="Luc")
    assert (await other.get(f"{NEW}?recu={reference}")).status_code == 404
    assert (await other.get(f"{NEW}?recu=nonsense")).status_code == 404


def test_a_reference_is_spelt_so_that_no_letter_is_misheard():
    assert [group.characters for group in spoken("7K3M-9QXT-4", "fr")] == ["7K3M", "9QXT", "4"]
    assert spoken("7K3M-9QXT-4", "en")[1].said == "9, Q as in Quebec, X as in X-ray, T as in Tango"
    assert spoken("7K3M-9QXT-4", "es") == spoken("7K3M-9QXT-4", "fr")


async def test_information_given_is_one_press_and_counted_of_nobody(desk):
    clerk = await desk.signed_in("manager")
    await clerk.get(NEW)
    await press(clerk, who="Zoé Côté 514 555-0101", what="trou dans la rue", _find="1")
    await press(clerk, _type="hole", **RACHEL)
    again = fields(clerk.page)
    await press(clerk, channel="counter", _informed="1")
    assert said("Recorded: information given. Nothing is kept about the person.") in clerk.text
    assert 'name="who" type="text" value=""' in clerk.page.text
    assert 'value="counter" selected' in clerk.page.text
    assert await ServiceRequest.count() == 0
    await clerk.http.post(NEW, data={**again, "_informed": "1"})  # the same press again
    (row,) = await InformedRow.select()
    assert (row["type"], row["channel"], row["given"]) == ("hole", "counter", 1)
    assert row["zone"]
    await clerk.get(NEW)
    await press(clerk, _informed="1")
    assert sorted(each["type"] for each in await InformedRow.select()) == ["", "hole"]


async def test_what_is_known_of_the_person_is_taken_over_by_a_press_and_nothing_by_itself(desk):
    answers = {"danger": True, "words": "Trou", "witness": "Léo Roy", "health": "cheville"}
    known = await desk.request(answers=answers)
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, who="zoe cote", _find="1")
    await press(clerk, _person=known.reference)
    await press(clerk, _type="hole")
    assert said("Information from earlier requests") in clerk.text
    assert 'name="_known" value="witness"' in clerk.page.text
    assert fields(clerk.page)["answers.witness"] == ""
    for never in ("cheville", 'value="danger"', 'value="words"'):
        assert never not in clerk.page.text
    await press(clerk, _known="witness")
    assert fields(clerk.page)["answers.witness"] == "Léo Roy"
    assert said("Information from earlier requests") not in clerk.text
    await press(clerk, answers__witness="Mia", _known="witness")
    assert fields(clerk.page)["answers.witness"] == "Mia"


async def test_a_caller_who_asks_to_be_called_back_leaves_a_number_and_is_on_the_list(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", what="Un trou", **RACHEL)
    given = {"answers.danger": "no", "requester.name": "Luc", "call_back": "1", "_send": "1"}
    refused = await press(clerk, **given)
    assert refused.status_code == 422
    assert 'href="#requester-phone"' in refused.text
    await press(clerk, **{"call_back": "1", **LUC})
    assert said("The request has been opened") in clerk.text
    await clerk.get("/bureau/appels")
    assert "La personne demande à être rappelée" in clerk.text


async def test_a_call_that_a_sheet_asks_for_is_owed_once_though_its_first_press_was_cut_off(desk, monkeypatch):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", what="Un trou", **RACHEL)
    sheet = clerk.page
    sent = {"answers.danger": "no", "call_back": "1", **LUC}

    async def cut_off(*given, **named):
        raise HTTPException(status_code=503, detail="The process was ended.")

    with monkeypatch.context() as patched:
        patched.setattr("parvis_telephone.desk.opening.call_back", cut_off)
        assert (await press(clerk, **sent)).status_code == 503
    for _ in range(2):
        clerk.page = sheet
        await press(clerk, **sent)
        assert said("The request has been opened") in clerk.text
    assert await ServiceRequest.count() == 1
    assert await OwedContact.count() == 1


async def test_who_is_typed_on_a_sheet_that_was_sent_before_is_not_given_the_number_of_somebody_else(desk):
    """The agent goes back in the browser to the page of the previous caller, for the next one."""
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", what="Un trou", **RACHEL)
    sheet, danger = clerk.page, {"answers.danger": "no"}
    await press(clerk, **danger, **LUC)
    first = re.search(r'class="reference">([0-9A-Z-]{11})<', clerk.page.text)[1]
    clerk.page = sheet
    again = await press(clerk, **danger, **LUC)
    assert first in again.text
    clerk.page = sheet
    mia = {**danger, **LUC, "requester.name": "Mia", "requester.phone": "450 555-0199"}
    told = await press(clerk, **mia)
    assert told.status_code == 409
    assert first in told.text
    assert fields(told)["requester.name"] == "Mia"
    await press(clerk, **mia)
    assert said("The request has been opened") in clerk.text
    assert first not in clerk.page.text
    assert await ServiceRequest.count() == 2


async def test_a_caller_who_wants_letters_gives_an_address_found_while_typing_or_that_of_the_place(desk):
    (there,) = known_in("parvis").search("4563 rue saint-urbain", 1)
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", **RACHEL)
    lacking = await press(clerk, **{"answers.danger": "no", **LUC, "requester.preferred_channel": "letter"})
    assert lacking.status_code == 422
    assert 'href="#requester-postal_address"' in lacking.text
    assert said("Use the place of the request") in clerk.text
    (same,) = re.findall(r'(?s)name="_postal" value="([^"]+)"', lacking.text)
    assert same.startswith("1234, rue Rachel Est\nParvis (Québec)")
    await press(clerk, **{"requester.postal_address": "4563 rue saint urb", "_find": "1"})
    (found, *_) = re.findall(r'(?s)name="_postal" value="([^"]+)"', clerk.page.text)
    assert found == f"{there.text}\nParvis (Québec)  {there.postal_code}"
    await press(clerk, _postal=found)
    assert fields(clerk.page)["requester.postal_address"] == found
    assert 'name="_postal"' not in clerk.page.text
    await press(clerk, **{"requester.postal_address": f"a/s Ana Roy\r\n{found.replace('  ', ' ')}", "_send": "1"})
    reference = re.search(r'class="reference">([0-9A-Z-]{11})<', clerk.page.text)[1]
    record = await desk.record(reference)
    contact = await contact_of(record)
    assert (contact.preferred_channel, contact.postal_address) == ("letter", f"a/s Ana Roy\n{found}")
    assert record.place.address == RACHEL["place.address"]
    await clerk.get(NEW)
    await press(clerk, who="450 555-0100", _find="1")
    await press(clerk, _person=reference)
    await press(clerk, _type="hole")
    assert fields(clerk.page)["requester.postal_address"] == contact.postal_address


@pytest.mark.parametrize("who", ["é", "😀", "٣٤٥", "ab"])
async def test_what_no_index_knows_finds_no_requests(desk, who):
    await desk.request("hole", "roads")
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, who=who, _find="1")
    assert said("Matching requests") not in clerk.text
