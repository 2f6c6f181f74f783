"""Where nobody answers the telephone the desk has no page, line or key for it, and nobody is left untold silently."""

import re

from parvis.requests.lists.module_figures import InformationSource
from parvis_telephone.information_given import inform, informed_between
from parvis_testing.desk import address, said
from parvis_testing.modules import switch
from parvis_testing.owed import owed
from parvis_testing.sheet import NEW, RACHEL, press

KEY = "<dt><kbd>n</kbd></dt>"
LUC = {"requester.name": "Luc", "requester.phone": "450 555-0100", "_send": "1"}


async def test_its_line_its_key_and_its_page_are_gone_and_back_again(desk):
    clerk = await desk.signed_in()
    for state, there in (("on", True), ("off", False), ("on", True)):
        await switch(desk.host, state, "telephone")
        page = (await clerk.get("/bureau")).text
        assert (f'href="{NEW}" data-key-new' in page, KEY in page) == (there, there), state
        assert (await clerk.get(NEW)).status_code == (200 if there else 404)


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
    assert said("Told by nobody yet") in clerk.text
    assert said("To be called") not in clerk.text
    await switch(desk.host, "on", "telephone")
    await clerk.get(address(record))
    assert said("Told by nobody yet") not in clerk.text
    assert said("To be called") in clerk.text
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
