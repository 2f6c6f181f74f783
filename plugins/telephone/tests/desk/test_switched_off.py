"""Where nobody answers the telephone the desk has no page, line or key for it, and nobody is left untold silently."""

import re

from parvis.requests.contacts import contact_methods, contact_of, way_to
from parvis.requests.lifecycle import make_move
from parvis.requests.lists.module_figures import InformationSource
from parvis.requests.references import key_for
from parvis.requests.work.untold import untold_of
from parvis.worker import Relay
from parvis_sdk.contact_methods import CALL, EMAIL, TEXT_MESSAGE
from parvis_telephone.heard import LEFT
from parvis_telephone.information_given import inform, informed_between
from parvis_testing.desk import ANA, address, said
from parvis_testing.modules import switch
from parvis_testing.owed import HAROLD, owed
from parvis_testing.sheet import NEW, RACHEL, press

KEY = "<dt><kbd>n</kbd></dt>"
CALLED = HAROLD | {"preferred_channel": "phone"}
LUC = {"requester.name": "Luc", "requester.phone": "450 555-0100", "_send": "1"}


async def test_its_line_its_key_and_its_page_are_gone_and_back_again(desk):
    clerk = await desk.signed_in()
    for state, there in (("on", True), ("off", False), ("on", True)):
        await switch(desk.host, state, "telephone")
        page = (await clerk.get("/bureau")).text
        assert (f'href="{NEW}" data-key-new' in page, KEY in page) == (there, there), state
        assert (await clerk.get(NEW)).status_code == (200 if there else 404)


async def test_who_was_typing_when_it_was_switched_off_reads_that_nothing_was_kept_and_where_it_still_is(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", **RACHEL)
    sheet = clerk.page
    await switch(desk.host, "off", "telephone")
    told = await press(clerk, **{"answers.danger": "no", **LUC})
    assert told.status_code == 404
    assert said("This page is no longer available") in told.text
    assert "Rien n’a été enregistré" in told.text
    assert "Vérifiez l’adresse" in (await clerk.get(NEW)).text  # who asks for it anew finds no such page
    await switch(desk.host, "on", "telephone")
    clerk.page = sheet
    await press(clerk, **{"answers.danger": "no", **LUC})
    assert said("The request has been opened") in clerk.text


async def test_no_line_and_no_key_for_who_takes_nothing_in(desk):
    observer = await desk.signed_in("observer")
    page = (await observer.get("/bureau")).text
    assert (NEW in page, KEY in page) == (False, False)


async def test_a_request_that_was_opened_for_a_caller_stays_what_it_is(desk):
    clerk = await desk.signed_in()
    await clerk.get(NEW)
    await press(clerk, _type="hole", **RACHEL)
    await press(clerk, **{"answers.danger": "no", **LUC})
    reference = re.search(r'class="reference">([0-9A-Z-]{11})<', clerk.page.text)[1]
    await switch(desk.host, "off", "telephone")
    assert (await clerk.get(f"/bureau/requete/{reference}")).status_code == 200
    assert "Luc" in clerk.text


async def test_what_was_counted_stays_counted(desk):
    parvis = desk.host.jurisdictions.jurisdiction("parvis")
    await inform(desk.host, parvis, type="hole", idempotency_key="a")
    await switch(desk.host, "off", "telephone")
    [source] = desk.host.modules.heard(InformationSource)
    assert source.between is informed_between
    assert desk.host.modules.heard(InformationSource, parvis) == ()


async def test_what_was_to_be_told_stays_in_sight_with_its_urgency_and_goes_on_as_a_call(desk):
    record = await owed(desk, urgency="emergency")
    clerk = await desk.signed_in()
    await clerk.get("/bureau")
    assert ("/bureau/appels" in clerk.page.text, "/bureau/non-remis" in clerk.page.text) == (True, False)
    await switch(desk.host, "off", "telephone")
    await clerk.get("/bureau")
    assert ("/bureau/appels" in clerk.page.text, "/bureau/non-remis" in clerk.page.text) == (False, True)
    later = await owed(desk)  # a step that no machine could tell while it is off
    await clerk.get("/bureau/non-remis")
    assert record.reference in clerk.text
    assert later.reference in clerk.text
    assert clerk.text.count(said("Emergency")) == 1
    await clerk.get(address(record))
    assert said("Not notified yet") in clerk.text
    assert said("Call this person") not in clerk.text
    await switch(desk.host, "on", "telephone")
    await clerk.get(address(record))
    assert said("Not notified yet") not in clerk.text
    assert said("Call this person") in clerk.text
    await clerk.get("/bureau/appels")
    assert record.reference in clerk.text
    assert later.reference in clerk.text


async def test_a_call_that_was_owed_is_ended_while_it_is_off_and_its_story_is_read_all_the_same(desk):
    record = await owed(desk)
    clerk = await desk.signed_in()
    await clerk.get(address(record))
    calls = re.search(r'name="calls" value="([^"]+)"', clerk.page.text)[1]
    await clerk.post(address(record, "appel"), calls=calls, result="again")
    await switch(desk.host, "off", "telephone")
    assert (await clerk.post(address(record, "appel"), calls=calls, result="told")).status_code == 404
    await clerk.get(address(record))
    assert "Appel sans réponse" in clerk.text
    await clerk.post(address(record, "non-remis"), messages=calls, result="told")
    assert "Personne jointe par téléphone" in clerk.text
    await switch(desk.host, "on", "telephone")
    await clerk.get("/bureau/appels")
    assert record.reference not in clerk.text


async def ways(desk):
    """The contact methods that somebody can wish for: by the API, and in the form by which the desk corrects them."""
    told = (await desk.browser().http.get("/api/v1/request-types/hole")).json()["contact_methods"]
    return {each["code"] for each in told}


async def test_a_call_and_a_letter_are_ways_that_it_brings(desk):
    record, clerk = await desk.request(), await desk.signed_in()
    for state, by_hand in (("on", {"phone", "letter"}), ("off", set()), ("on", {"phone", "letter"})):
        await switch(desk.host, state, "telephone")
        assert await ways(desk) & {"phone", "letter"} == by_hand
        page = await clerk.get(address(record, "coordonnees"))
        offered = re.search(r'(?s)<select[^>]*name="preferred_channel".*?</select>', page.text)[0]
        assert {*re.findall(r'value="(phone|letter)"', offered)} == by_hand


async def test_who_wished_to_be_called_is_promised_nothing_meanwhile_and_keeps_the_wish(desk):
    record = await desk.request(requester=CALLED)
    clerk, harold = await desk.signed_in(), desk.browser()
    private = f"/fr/suivi/{record.reference}?cle={key_for(desk.host.secret, record.id)}"
    promise = CALL.each_step.fr
    await harold.get(private)
    assert promise in harold.text
    await switch(desk.host, "off", "telephone")
    await harold.get(private)
    assert promise not in harold.text
    assert said("No message can be sent to you: this page says what is new.") in harold.text
    page = await clerk.get(address(record, "coordonnees"))
    assert 'value="phone" selected' in page.text
    version = re.search(r'name="version" value="(\d+)"', page.text)[1]
    sent = CALLED | {"name": "Harold B. Pike", "email": "", "postal_address": "", "language": "fr", "version": version}
    await clerk.post(address(record, "coordonnees"), **sent)
    kept = await contact_of(await desk.record(record.reference))
    assert (kept.name, kept.preferred_channel) == ("Harold B. Pike", "phone")


async def test_a_step_that_no_machine_can_tell_while_it_is_off_is_untold_and_not_forgotten(desk):
    record = await desk.request(requester=CALLED)
    await switch(desk.host, "off", "telephone")
    await make_move(desk.host, record.reference, "start", {}, actor=ANA, mover="agent")
    await Relay(desk.host, luck=lambda: 0.0).drain()
    [untold] = await untold_of(await desk.record(record.reference))
    assert untold.way == "phone"


async def test_who_wished_a_call_and_has_an_address_is_written_to_while_it_is_off(desk):
    record = await desk.request(requester=CALLED | {"email": "harold@exemple.ca"})
    await switch(desk.host, "off", "telephone")
    person, town = await contact_of(record), desk.host.jurisdictions.jurisdiction("parvis")
    assert way_to(person, contact_methods(desk.host, town)) == EMAIL
    await switch(desk.host, "on", "telephone")
    assert way_to(person, contact_methods(desk.host, town)) == CALL


async def test_operators_read_beforehand_what_is_left_to_be_told(desk):
    operator = await desk.signed_in("operator")
    for owing in (0, 1, 2):
        await operator.get("/exploitation/modules/telephone?ville=parvis&etat=off")
        assert (LEFT.format(number=str(owing)).fr in operator.page.text) is bool(owing), owing
        await owed(desk)
    await operator.get("/exploitation/modules/telephone?ville=rivemont&etat=off")
    assert LEFT.fr[:20] not in operator.page.text


async def test_operators_read_beforehand_which_ways_go_and_whose_messages_went_on_by_them(desk):
    operator = await desk.signed_in("operator")
    await operator.get("/exploitation/modules/telephone?ville=parvis&etat=off")
    assert f"{said('Contact methods')} : {CALL.title.fr}" in operator.text.replace("\u00a0", " ")
    assert f"{said('Replaces a failing channel')} : {TEXT_MESSAGE.title.fr}" in operator.text.replace("\u00a0", " ")


async def test_a_form_asks_how_one_is_to_be_reached_where_there_is_more_than_one_way(desk):
    zoe = desk.browser()
    asked = 'name="preferred_channel"'
    for state, there in (("on", True), ("off", False)):
        record = await desk.request()
        await switch(desk.host, state, "telephone")
        page = await zoe.get(f"/fr/suivi/{record.reference}?cle={key_for(desk.host.secret, record.id)}")
        page = await zoe.get(f"/fr/suivi/{record.reference}/coordonnees")
        assert page.status_code == 200
        assert (asked in page.text, CALL.title.fr in zoe.text) == (there, there)
