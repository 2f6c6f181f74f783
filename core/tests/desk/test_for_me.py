"""A colleague named in a note finds it among what is for them; nobody is led to what they may not see."""

import re

from parvis.requests.actors import SYSTEM
from parvis.requests.keeping.retention import erase
from parvis.requests.work.conversation import named_in
from parvis_testing.desk import said

from .test_case import address


def test_whole_names_are_meant_whatever_their_accents():
    people = {"1": "Éric Roy", "2": "Éric Royal", "3": "Ana Côté"}
    assert named_in("@eric roy et @Ana Côté: voir", people) == ("1", "3")
    assert named_in("@Éric Royal.", people) == ("2",)
    assert named_in("Éric Roy, luc@ana cote", {"1": "Éric Roy"}) == ()


async def test_who_is_named_finds_the_request_until_they_have_seen_it(desk):
    hole = await desk.request("hole", "roads")
    ana, luc = await desk.signed_in(), await desk.signed_in(name="Luc Roy")
    await ana.post(address(hole, "note"), version=str(hole.version), words="Vois cela, @luc roy")
    assert hole.reference not in (await ana.get("/bureau/pour-moi")).text
    page = await luc.get("/bureau/pour-moi")
    assert hole.reference in page.text
    assert "Vois cela" not in page.text
    await luc.post(address(hole, "vu"))
    assert hole.reference not in luc.page.text


async def test_naming_somebody_who_may_not_see_the_request_is_refused_and_tells_nothing(desk):
    hole = await desk.request("hole", "roads")
    ana, luc = await desk.signed_in(), await desk.signed_in(unit="noise", name="Luc Roy")
    page = await ana.post(address(hole, "note"), version=str(hole.version), words="Vois cela, @Luc Roy")
    assert page.status_code == 422
    assert said("A person you mentioned cannot see this request. Remove the @ or mention somebody else.") in ana.text
    assert "Vois cela" in page.text
    assert (await desk.record(hole.reference)).version == hole.version
    assert hole.reference not in (await luc.get("/bureau/pour-moi")).text


async def test_what_went_to_another_unit_or_was_destroyed_is_on_nobodys_list(desk):
    hole = await desk.request("hole", "roads")
    ana, luc = await desk.signed_in(), await desk.signed_in(name="Luc Roy")
    await ana.post(address(hole, "note"), version=str(hole.version), words="@Luc Roy")
    await erase(desk.host, hole.reference, actor=SYSTEM)
    assert not re.search(hole.reference, (await luc.get("/bureau/pour-moi")).text)
