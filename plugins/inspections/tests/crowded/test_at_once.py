"""Two at one visit: each names what they saw, one is told what the other did, and nobody loses a word."""

from functools import partial

import pytest

from parvis_testing.crowded import next_day
from parvis_testing.rivals import (
    WORDS,
    blindly,
    call_refused_blind,
    called,
    one_of_two_is_told,
    one_of_two_programs_is_told,
    refused_blind,
    the_later_is_told,
    two_managers,
)

from ..visiting import SENT, planned, visited

pytestmark = pytest.mark.both_engines

VISIT = "/bureau/visites/{id}"
DOORS = {
    f"{VISIT}/annulation": (planned, {"reason": WORDS}),
    f"{VISIT}/inutile": (visited, {"reason": WORDS}),
    f"{VISIT}/plan": (visited, {"slot": "morning", "inspector": "", "reason": ""}),
}
"""Doors that overwrite something: a situation in which each is open, and what is typed there."""
NOTHING_LOST = {
    "/bureau/terrain/{id}": "`_corrects` counts the results kept so far",
    "/bureau/terrain/{id}/photo": "adds a photo to a result to come",
    "/bureau/visites": "the version of each visit stands behind its id",
}
PATHS = {
    "cancel_inspection": "/inspections/{id}/cancellation",
    "plan_inspection": "/inspections/{id}/plan",
    "record_result": "/inspections/{id}/results",
}
VERSION = {"cancel_inspection", "plan_inspection"}  # `corrects` of a result counts the results kept so far


async def test_each_form_that_writes_has_its_answer_to_who_was_faster(desk):
    doors = {
        route.path_format
        for route in desk.app.routes
        if route.path.startswith(("/bureau/visites", "/bureau/terrain")) and "POST" in route.methods
    }
    assert DOORS.keys() | NOTHING_LOST.keys() == doors


async def opened(api, door):
    """A situation in which the door is open: the request's reference, the path, what is typed, the version shown."""
    make, typed = DOORS[door]
    found = await make(api)
    typed = typed | ({"day": next_day(api)} if door.endswith("/plan") else {})
    return found.named["reference"], door.format(**found.named), typed, "2" if make is planned else "1"


@blindly
@pytest.mark.parametrize("door", sorted(DOORS))
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, door, given):
    clerk = await desk.signed_in("manager")
    reference, path, typed, _ = await opened(api, door)
    await refused_blind(clerk, api, reference, path, typed | given)


@pytest.mark.parametrize("door", sorted(DOORS))
async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api, door):
    clerks = await two_managers(desk)
    await one_of_two_is_told(clerks, api, *await opened(api, door))


@pytest.mark.parametrize("door", sorted(DOORS))
async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api, door):
    clerks = await two_managers(desk)
    await the_later_is_told(clerks, api, *await opened(api, door))


async def asked(api, name):
    """A situation that the operation needs: its path, and a body that the operation takes there."""
    make, (body, *_), _ = SENT[name]
    found = await make(api)
    body = body | ({"day": next_day(api)} if body.get("day") == "" else {})
    return found, f"/api/v1{PATHS[name]}".format(**found.named), body


@pytest.mark.parametrize("name", sorted(VERSION))
async def test_without_the_version_that_was_seen_nothing_is_overwritten(api, name):
    found, path, body = await asked(api, name)
    await call_refused_blind(api, found.named["reference"], partial(called, api, path), body)


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_of_two_programs_at_once_one_is_told_that_the_other_was_faster(api, name):
    found, path, body = await asked(api, name)
    await one_of_two_programs_is_told(api, found.named["reference"], partial(called, api, path), body)
