"""Two at one condition: each names what they saw, one is told what the other did, and nobody loses a word."""

import asyncio

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis_testing.crowded import SCOPES
from parvis_testing.desk import said
from parvis_testing.rivals import WORDS, boxes, mine, press

from ..granted import SENT, granted

REQUEST = "/bureau/requete/{reference}"
CONDITION = f"{REQUEST}/conditions/{{id}}"
TYPED = {"deed": "waive", "reason": WORDS}
NOTHING_LOST = {f"{CONDITION}/preuve": "adds a proof, which is refused where none is asked for any more"}
PATHS = {"decide_obligation": "/requests/{reference}/obligations/{id}/decision"}
"""Operations that overwrite something."""
NO_MARK = {
    "offer_transfer": "one offer stands at a time",
    "send_proof": "adds a proof, which is refused where none is asked for any more",
}


async def test_each_form_that_writes_has_its_answer_to_who_was_faster(desk):
    doors = {
        route.path_format
        for route in desk.app.routes
        if route.path_format.startswith(f"{REQUEST}/conditions") and "POST" in route.methods
    }
    assert {CONDITION, *NOTHING_LOST} == doors


def test_each_operation_that_writes_has_its_answer_to_who_was_faster():
    assert PATHS.keys() | NO_MARK.keys() == SENT.keys()


@pytest.fixture
async def opened(api):
    """A condition that is open: its request's reference, the path, the version shown."""
    found = await granted(api)
    record = await find(api.host, found.named["reference"])
    return record.reference, CONDITION.format(**found.named), str(record.version)


@pytest.mark.parametrize("given", [{}, {"version": "une vieille"}, {"version": "-1"}], ids=["none", "words", "below"])
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, opened, given):
    clerk = await desk.signed_in("manager")
    reference, path, version = opened
    page = await press(clerk, path, TYPED | given)
    assert page.status_code == 422
    assert said("The form did not say what it was filled in from. Look at the page, then send it again.") in clerk.text
    assert WORDS in boxes(page)
    assert str((await find(api.host, reference)).version) == version


async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api, opened):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path, version = opened
    answers = await asyncio.gather(*(press(clerk, path, mine(TYPED, version, clerk)) for clerk in (ana, luc)))
    assert sorted(answer.status_code for answer in answers) == [303, 409], [clerk.text for clerk in (ana, luc)]
    assert WORDS in boxes(next(answer for answer in answers if answer.status_code == 409))
    assert await broken_at(await find(api.host, reference)) is None


async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api, opened):
    """What the first did may have closed the door: the second is told of it, and not that the form is wrong."""
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path, version = opened
    assert (await press(ana, path, mine(TYPED, version, ana))).status_code == 303, ana.text
    late = await press(luc, path, mine(TYPED, version, luc))
    assert late.status_code == 409, luc.text
    assert f"{WORDS} {luc.person.name}" in boxes(late)
    assert await broken_at(await find(api.host, reference)) is None


async def asked(api, name):
    """A situation that the operation needs: its path, and a body that the operation takes there."""
    make, (body, *_), _ = SENT[name]
    found = await make(api)
    return found, f"/api/v1{PATHS[name]}".format(**found.named), body


async def called(api, path, body, key="1"):
    """What an operation answers to a program."""
    return await api.http.post(path, json=body, headers={"idempotency-key": key} | await api.token(*SCOPES))


@pytest.mark.parametrize("name", sorted(PATHS))
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
