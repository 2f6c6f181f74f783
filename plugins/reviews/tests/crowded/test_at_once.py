"""Two at one task: each names what they saw, one is told what the other did, and nobody loses a word."""

import asyncio

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis_testing.crowded import SCOPES
from parvis_testing.rivals import (
    WORDS,
    blindly,
    one_of_two_is_told,
    press,
    refused_blind,
    the_later_is_told,
    two_managers,
)

from ..asking import SENT, reviewing

pytestmark = pytest.mark.both_engines

TASK = "/bureau/taches/{id}"
LATER = {"extend.day.day": "2", "extend.day.month": "3", "extend.day.year": "2099"}
VERSION = {
    f"{TASK}/annuler": {"cancel.reason": WORDS},
    f"{TASK}/confier": {"unit": "roads", "assignee": "", "hand.reason": WORDS},
    f"{TASK}/delai": {**LATER, "extend.reason": WORDS},
    f"{TASK}/exterieur": {
        "outside.name": WORDS,
        "outside.email": "bo@exemple.ca",
        "outside.language": "fr",
        "outside.reason": "Non",
    },
    f"{TASK}/prendre": {},
}
"""Doors that overwrite something, and what is typed there."""
APART = {
    TASK: "`seen` counts the opinions given so far; see the tests of tasks",
    f"{TASK}/lien": "needs a body outside; its own test below",
}


async def test_each_form_that_writes_has_its_answer_to_who_was_faster(desk):
    doors = {
        route.path_format
        for route in desk.app.routes
        if route.path.startswith("/bureau/taches") and "POST" in route.methods
    }
    assert VERSION.keys() | APART.keys() == doors


async def opened(api, door):
    """A task of which the door is open: its request, the path, what is typed, the version shown."""
    found = await reviewing(api)
    return found.named["reference"], door.format(**found.named), VERSION[door], "1"


@blindly
@pytest.mark.parametrize("door", sorted(VERSION))
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, door, given):
    clerk = await desk.signed_in("manager")
    reference, path, typed, _ = await opened(api, door)
    await refused_blind(clerk, api, reference, path, typed | given)


@pytest.mark.parametrize("door", sorted(VERSION))
async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api, door):
    clerks = await two_managers(desk)
    await one_of_two_is_told(clerks, api, *await opened(api, door))


@pytest.mark.parametrize("door", sorted(VERSION))
async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api, door):
    clerks = await two_managers(desk)
    await the_later_is_told(clerks, api, *await opened(api, door))


async def test_a_link_of_a_body_outside_is_renewed_by_one_of_two(desk, api):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    _, outside, typed, version = await opened(api, f"{TASK}/exterieur")
    assert (await press(ana, outside, typed | {"version": version})).status_code == 303
    path = outside.replace("exterieur", "lien")
    assert (await press(ana, path, {"_renew": "1"})).status_code == 422
    again = {"_renew": "1", "version": str(int(version) + 1)}
    answers = await asyncio.gather(*(press(clerk, path, again) for clerk in (ana, luc)))
    assert sorted(answer.status_code for answer in answers) == [303, 409]


async def test_of_two_programs_that_give_an_opinion_at_once_one_is_told_that_the_other_was_faster(api):
    found = await reviewing(api)
    path = f"/api/v1/tasks/{found.named['id']}/opinion"
    body = SENT["give_opinion"][1][0]
    token = await api.token(*SCOPES, "tasks:read", "tasks:write")

    async def give(key):
        """Each in words of their own: the very same opinion sent twice is one."""
        said = body | {"answers": body["answers"] | {"words": f"Mot {key}"}}
        return await api.http.post(path, json=said, headers={"idempotency-key": key} | token)

    answers = await asyncio.gather(give("1"), give("2"))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    late = await give("3")
    assert late.status_code == 409, late.text
    assert await broken_at(await find(api.host, found.named["reference"])) is None
