"""Two at one tie: each form says from which version it was filled in, and one is shown what the other did."""

import pytest

from parvis.requests.records import find
from parvis.viewers import viewer_of
from parvis_merging.tying import link
from parvis_testing.crowded import ANA, reported
from parvis_testing.rivals import (
    WORDS,
    blindly,
    boxes,
    one_of_two_is_told,
    press,
    refused_blind,
    the_later_is_told,
    two_managers,
)

pytestmark = pytest.mark.both_engines

REQUEST = "/bureau/requete/{reference}"
TIES = (f"{REQUEST}/liens", f"{REQUEST}/liens/fin")


async def opened(api, door, person):
    """A request that is to be tied, or untied: its reference, the path, what is typed, the version shown."""
    reference, other = [(await reported(api)).named["reference"] for _ in range(2)]
    if door.endswith("/fin"):
        await link(api.host, viewer_of(person), reference, "about", other, actor=ANA)
    typed = {"genre": "about", "avec": other}
    return reference, door.format(reference=reference), typed, str((await find(api.host, reference)).version)


@blindly
@pytest.mark.parametrize("door", TIES)
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, door, given):
    clerk = await desk.signed_in("manager")
    reference, path, typed, _ = await opened(api, door, clerk.person)
    await refused_blind(clerk, api, reference, path, typed | given)


@pytest.mark.parametrize("door", TIES)
async def test_of_two_at_once_one_sees_what_the_other_did(desk, api, door):
    clerks = await two_managers(desk)
    await one_of_two_is_told(clerks, api, *await opened(api, door, clerks[0].person))


@pytest.mark.parametrize("door", TIES)
async def test_who_sends_after_the_other_is_done_sees_that(desk, api, door):
    clerks = await two_managers(desk)
    await the_later_is_told(clerks, api, *await opened(api, door, clerks[0].person))


async def test_a_part_is_made_a_request_of_what_was_seen(desk, api):
    clerk = await desk.signed_in("manager")
    found = await reported(api)
    path, typed = f"{REQUEST}/partage".format(**found.named), {"type": "hole", "words": WORDS, "mark": "1"}
    blind = await press(clerk, path, typed)
    assert (blind.status_code, WORDS in boxes(blind)) == (422, True)
    late = await press(clerk, path, typed | {"version": "9"})
    assert (late.status_code, WORDS in boxes(late)) == (409, True)
    assert (await press(clerk, path, typed | {"version": "1"})).status_code == 303
