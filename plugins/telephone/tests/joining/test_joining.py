"""Somebody calls about what another request says: one press adds them to it."""

import re
from datetime import timedelta

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.i18n import format_day
from parvis.requests.contacts import contact_of
from parvis_telephone.joining import ADDED
from parvis_testing.desk import said
from parvis_testing.sheet import NEW, RACHEL, fields, press

PLACE = {"address": "1234, rue Rachel Est", "lon": -73.5807, "lat": 45.5236}


async def opened(clerk, desk):
    reference = re.search(r'class="reference">([0-9A-Z-]{11})<', clerk.page.text)[1]
    return await desk.record(reference)


async def test_a_person_is_added_to_a_request_around_the_place_by_one_press_of_whoever_takes_calls(desk):
    known = await desk.request(
        "hole", "roads", place=PLACE, answers={"danger": True, "words": "Trou", "witness": "Mia"}
    )
    clerk = await desk.signed_in("clerk")
    await clerk.get(NEW)
    await press(clerk, who="Luc Roy 450 555-0100", what="J’ai failli tomber", **RACHEL, _find="1")
    assert f'name="_join" value="{known.reference}"' in clerk.page.text
    sheet = clerk.page
    for _ in range(2):
        clerk.page = sheet
        await press(clerk, _join=known.reference)
        assert said("The person has been added") in clerk.text
        assert said("The request has been opened") not in clerk.text
        told = "The person has been added to request %(reference)s and will be notified of each step."
        assert said(told) % {"reference": known.reference} in clerk.text
    record = await opened(clerk, desk)
    assert await ServiceRequest.count() == 2
    assert record.merged_into == known.id
    assert record.answers == {"danger": True, "words": "J’ai failli tomber"}
    assert record.place.address == "1234, rue Rachel Est"
    contact = await contact_of(record)
    assert (contact.name, contact.phone) == ("Luc Roy", "+14505550100")
    assert (await desk.record(known.reference)).duplicates == 1


async def test_who_calls_is_asked_first_and_what_is_typed_then_is_added(desk):
    known = await desk.request("hole", "roads", place=PLACE)
    clerk = await desk.signed_in("clerk")
    await clerk.get(NEW)
    refused = await press(clerk, _join=known.reference)
    assert refused.status_code == 422
    assert 'href="#requester-name"' in refused.text
    assert fields(refused)["into"] == known.reference
    await press(clerk, **{"requester.name": "Luc Roy", "requester.phone": "450 555-0100", "_send": "1"})
    assert (await opened(clerk, desk)).merged_into == known.id


async def test_nobody_is_added_to_what_one_may_not_see(desk):
    known = await desk.request("hole", "roads", place=PLACE)
    other = await desk.signed_in("agent", "lighting")
    await other.get(NEW)
    assert (await press(other, who="Luc Roy", _join=known.reference)).status_code == 404
    await other.get(NEW)
    await press(other, who="Luc Roy 450 555-0100", _type="hole")
    await press(other, **RACHEL, **{"answers.danger": "no", "into": known.reference, "_send": "1"})
    assert (await opened(other, desk)).merged_into is None


async def test_what_can_never_be_joined_is_not_offered_and_opens_nothing(desk):
    known = await desk.request("hole", "roads", place=PLACE)
    clerk = await desk.signed_in("clerk")
    await clerk.get(NEW)
    await press(clerk, who="Luc Roy 450 555-0100", **RACHEL, _join=known.reference)
    await clerk.get(NEW)
    again = await press(clerk, who="Luc Roy 450 555-0100", **RACHEL, _join=known.reference)
    assert again.status_code == 422
    assert ADDED.fr in again.text
    async with transaction(desk.host.engine):
        await ServiceRequest.update({ServiceRequest.phase: "decided"}).where(ServiceRequest.id == known.id)
    await clerk.get(NEW)
    await press(clerk, who=known.reference, **RACHEL, _find="1")
    assert 'name="_join"' not in clerk.page.text
    refused = await press(clerk, who="Mia Roy 450 555-0177", _join=known.reference)
    assert refused.status_code == 422
    assert await ServiceRequest.count() == 2


async def test_the_receipt_says_when_the_other_request_is_promised(desk):
    known = await desk.request("hole", "roads", place=PLACE)
    later = {ServiceRequest.promised_at: known.promised_at + timedelta(days=40)}
    async with transaction(desk.host.engine):
        await ServiceRequest.update(later).where(ServiceRequest.id == known.id)
    clerk = await desk.signed_in("clerk")
    await clerk.get(NEW)
    await press(clerk, who="Luc Roy 450 555-0100", _join=known.reference)
    promised = said("Promised by %(day)s.") % {"day": format_day(known.promised_at + timedelta(days=40), clock.now())}
    assert " ".join(promised.split()) in " ".join(clerk.text.split())
