"""Two at one tie: each form says from which version it was filled in, and one is shown what the other did."""

import asyncio

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis.viewers import viewer_of
from parvis_merging.tying import link
from parvis_testing.crowded import ANA, reported
from parvis_testing.desk import said
from parvis_testing.rivals import WORDS, boxes, mine, press

REQUEST = "/bureau/requete/{reference}"
TIES = (f"{REQUEST}/liens", f"{REQUEST}/liens/fin")


async def opened(api, door, person):
    """A request that is to be tied, or untied: its reference, the path, what is typed, the version shown."""
    reference, other = [(await reported(api)).named["reference"] for _ in range(2)]
    if door.endswith("/fin"):
        await link(api.host, viewer_of(person), reference, "about", other, actor=ANA)
    typed = {"genre": "about", "avec": other}
    return reference, door.format(reference=reference), typed, str((await find(api.host, reference)).version)


@pytest.mark.parametrize("given", [{}, {"version": "une vieille"}, {"version": "-1"}], ids=["none", "words", "below"])
@pytest.mark.parametrize("door", TIES)
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, door, given):
    clerk = await desk.signed_in("manager")
    reference, path, typed, version = await opened(api, door, clerk.person)
    page = await press(clerk, path, typed | given)
    assert page.status_code == 422
    assert said("The form did not say what it was filled in from. Look at the page, then send it again.") in clerk.text
    assert str((await find(api.host, reference)).version) == version


@pytest.mark.parametrize("door", TIES)
async def test_of_two_at_once_one_sees_what_the_other_did(desk, api, door):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path, typed, version = await opened(api, door, ana.person)
    answers = await asyncio.gather(*(press(clerk, path, mine(typed, version, clerk)) for clerk in (ana, luc)))
    assert sorted(answer.status_code for answer in answers) == [303, 409], [clerk.text for clerk in (ana, luc)]
    assert await broken_at(await find(api.host, reference)) is None


@pytest.mark.parametrize("door", TIES)
async def test_who_sends_after_the_other_is_done_sees_that(desk, api, door):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path, typed, version = await opened(api, door, ana.person)
    assert (await press(ana, path, mine(typed, version, ana))).status_code == 303, ana.text
    late = await press(luc, path, mine(typed, version, luc))
    assert late.status_code == 409, luc.text
    assert await broken_at(await find(api.host, reference)) is None


async def test_a_part_is_made_a_request_of_what_was_seen(desk, api):
    clerk = await desk.signed_in("manager")
    found = await reported(api)
    path, typed = f"{REQUEST}/partage".format(**found.named), {"type": "hole", "words": WORDS, "mark": "1"}
    blind = await press(clerk, path, typed)
    assert (blind.status_code, WORDS in boxes(blind)) == (422, True)
    late = await press(clerk, path, typed | {"version": "9"})
    assert (late.status_code, WORDS in boxes(late)) == (409, True)
    assert (await press(clerk, path, typed | {"version": "1"})).status_code == 303
