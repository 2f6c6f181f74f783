"""Two at one visit: each names what they saw, one is told what the other did, and nobody loses a word."""

import asyncio

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis_testing.crowded import SCOPES, next_day
from parvis_testing.desk import said
from parvis_testing.rivals import WORDS, boxes, mine, press

from ..visiting import SENT, planned, visited

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


@pytest.mark.parametrize("given", [{}, {"version": "une vieille"}, {"version": "-1"}], ids=["none", "words", "below"])
@pytest.mark.parametrize("door", sorted(DOORS))
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, door, given):
    clerk = await desk.signed_in("manager")
    reference, path, typed, _ = await opened(api, door)
    before = await find(api.host, reference)
    page = await press(clerk, path, typed | given)
    assert page.status_code == 422
    assert said("The form did not say what it was filled in from. Look at the page, then send it again.") in clerk.text
    assert WORDS not in typed.values() or WORDS in boxes(page)
    assert (await find(api.host, reference)).version == before.version


@pytest.mark.parametrize("door", sorted(DOORS))
async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api, door):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path, typed, version = await opened(api, door)
    answers = await asyncio.gather(*(press(clerk, path, mine(typed, version, clerk)) for clerk in (ana, luc)))
    assert sorted(answer.status_code for answer in answers) == [303, 409], [clerk.text for clerk in (ana, luc)]
    late = next(answer for answer in answers if answer.status_code == 409)
    assert WORDS not in typed.values() or WORDS in boxes(late)
    assert await broken_at(await find(api.host, reference)) is None


@pytest.mark.parametrize("door", sorted(DOORS))
async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api, door):
    """What the first did may have closed the door: the second is told of it, and not that the form is wrong."""
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path, typed, version = await opened(api, door)
    assert (await press(ana, path, mine(typed, version, ana))).status_code == 303, ana.text
    late = await press(luc, path, mine(typed, version, luc))
    assert late.status_code == 409, luc.text
    assert WORDS not in typed.values() or f"{WORDS} {luc.person.name}" in boxes(late)
    assert await broken_at(await find(api.host, reference)) is None


async def asked(api, name):
    """A situation that the operation needs: its path, and a body that the operation takes there."""
    make, (body, *_), _ = SENT[name]
    found = await make(api)
    body = body | ({"day": next_day(api)} if body.get("day") == "" else {})
    return found, f"/api/v1{PATHS[name]}".format(**found.named), body


async def called(api, path, body, key="1"):
    """What an operation answers to a program."""
    return await api.http.post(path, json=body, headers={"idempotency-key": key} | await api.token(*SCOPES))


@pytest.mark.parametrize("name", sorted(VERSION))
async def test_without_the_version_that_was_seen_nothing_is_overwritten(api, name):
    found, path, body = await asked(api, name)
    before = await find(api.host, found.named["reference"])
    blind = await called(api, path, {each: value for each, value in body.items() if each != "version"})
    assert (blind.status_code, blind.json()["errors"][0]["path"]) == (428, "version")
    assert (await find(api.host, found.named["reference"])).version == before.version


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_of_two_programs_at_once_one_is_told_that_the_other_was_faster(api, name):
    found, path, body = await asked(api, name)
    answers = await asyncio.gather(*(called(api, path, body, key) for key in ("1", "2")))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    late = await called(api, path, body, "3")
    assert late.status_code == 409, late.text
    assert await broken_at(await find(api.host, found.named["reference"])) is None
