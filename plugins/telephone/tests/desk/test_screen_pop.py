"""A telephone system tells who calls: the page for callers is filled in, the call kept with the request."""

import re
from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.requests.actors import SYSTEM
from parvis.requests.keeping.retention import erase
from parvis_telephone.announced_calls import KEPT, announce_call, forget_calls
from parvis_telephone.tables import AnnouncedCall, CallerWish
from parvis_testing.desk import said
from parvis_testing.sheet import NEW, RACHEL, fields, press

NUMBERS = ("4185550199", "418-555-0199", "(418) 555.0199", "%2B14185550199", "tel:+14185550199", "sip:4185550199@pbx")
ZOE = {"mode": "named", "name": "Zoé Côté", "phone": "418 555-0199"}


async def opened(clerk, desk):
    return await desk.record(re.search(r'class="reference">([0-9A-Z-]{11})<', clerk.page.text)[1])


async def test_a_number_in_the_address_in_any_usual_form_fills_in_who_calls(desk):
    known = await desk.request("hole", "roads", requester=ZOE)
    clerk = await desk.signed_in()
    for number in (
        "4185550199",
        "418-555-0199",
        "(418) 555.0199",
        "%2B14185550199",
        "tel:+14185550199",
        "sip:4185550199@pbx",
    ):
        page = await clerk.get(f"{NEW}?who={number}")
        clerk.page = page
        filled = fields(page)
        assert (filled["requester.name"], filled["person"]) == ("Zoé Côté", known.reference), number
        assert filled["who"].replace("\u00a0", " ") == "418 555-0199"
    clerk.page = await clerk.get(f"{NEW}?who=418-555-0177")
    assert fields(clerk.page)["requester.phone"] == "+14185550177"


async def test_nobody_sees_who_calls_where_they_may_not_know_who_asked(desk):
    await desk.request("hole", "roads", requester=ZOE)
    other = await desk.signed_in("agent", "lighting")
    page = await other.get(f"{NEW}?who=4185550199")
    assert "Zoé Côté" not in page.text


async def test_a_call_that_is_announced_stands_on_the_page_of_its_agent_and_goes_with_the_request(desk):
    await desk.request("hole", "roads", requester=ZOE)
    clerk, other = await desk.signed_in(), await desk.signed_in("agent", name="Luc")
    town = desk.host.jurisdictions.get("parvis")
    told = {"agent": clerk.person.id, "number": "+14185550199", "call": "pbx-1"}
    id = await announce_call(desk.host, town, **told)
    assert await announce_call(desk.host, town, **told, recording="rec/2026/1.wav") == id
    clerk.page = await clerk.get(NEW)
    assert said("Take this call") in clerk.text
    assert said("Take this call") not in (await other.get(NEW)).text
    assert "Zoé Côté" not in (await other.get(f"{NEW}?appel={id}")).text
    clerk.page = await clerk.get(f"{NEW}?appel={id}")
    assert fields(clerk.page)["requester.name"] == "Zoé Côté"
    assert said("Take this call") not in clerk.text
    await press(clerk, _type="hole", **RACHEL)
    wished = {"hours": "Après 17 h", "large_print": "1", "note": "Appelle du dépanneur."}
    await press(clerk, **{"answers.danger": "no"}, **wished, _send="1")
    assert said("The request has been opened") in clerk.text
    record = await opened(clerk, desk)
    shown = await clerk.get(f"/bureau/requete/{record.reference}")
    for words in ("rec/2026/1.wav", "Après 17 h", "Appelle du dépanneur."):
        assert words in shown.text
    clerk.page = await clerk.get(NEW)
    assert said("Take this call") not in clerk.text
    await press(clerk, who="418 555-0199", _find="1")
    await press(clerk, _person=record.reference)
    assert fields(clerk.page)["hours"] == "Après 17 h"
    await erase(desk.host, record.reference, actor=SYSTEM)
    assert await AnnouncedCall.count() == 0
    assert await CallerWish.count() == 0


async def test_a_number_of_which_no_request_came_is_forgotten_in_a_day(desk):
    town = desk.host.jurisdictions.get("parvis")
    await announce_call(desk.host, town, agent="a", number="+14185550199", call="pbx-1")
    assert await forget_calls(desk.host) == 0
    async with transaction(desk.host.engine):
        await AnnouncedCall.update({"at": clock.now() - KEPT - timedelta(minutes=1)}, force=True)
    assert await forget_calls(desk.host) == 1
    assert await ServiceRequest.count() == 0
