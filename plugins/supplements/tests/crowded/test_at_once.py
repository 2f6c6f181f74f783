"""Two at one list: each names what they saw, one is told what the other did, and nobody loses a word."""

import asyncio

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis_testing.crowded import SCOPES
from parvis_testing.desk import said
from parvis_testing.rivals import WORDS, boxes, mine, press

from ..waiting import SENT, studied

TYPED = {"points.begins.mark": "yes", "points.begins.words": WORDS, "do": "send"}
METHODS = {"prepare_supplement": "PUT", "send_supplement": "POST"}


async def opened(api):
    """A file whose list is about to be sent: its reference, and the address of the page."""
    reference = (await studied(api)).named["reference"]
    return reference, f"/bureau/requete/{reference}/complements/completeness"


async def called(api, name, reference, body, key):
    """What an operation answers to a program."""
    headers = {"idempotency-key": key} | await api.token(*SCOPES)
    path = f"/api/v1/requests/{reference}/supplements/completeness"
    return await api.http.request(METHODS[name], path, json=body, headers=headers)


@pytest.mark.parametrize("given", [{}, {"version": "une vieille"}, {"version": "-1"}], ids=["none", "words", "below"])
async def test_a_list_that_does_not_say_what_it_was_filled_in_from_is_not_sent(desk, api, given):
    clerk = await desk.signed_in("manager")
    reference, path = await opened(api)
    before = await find(api.host, reference)
    page = await press(clerk, path, TYPED | given)
    assert page.status_code == 422
    assert said("The form did not say what it was filled in from. Look at the page, then send it again.") in clerk.text
    assert WORDS in boxes(page)
    assert (await find(api.host, reference)).version == before.version


async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path = await opened(api)
    version = str((await find(api.host, reference)).version)
    answers = await asyncio.gather(*(press(clerk, path, mine(TYPED, version, clerk)) for clerk in (ana, luc)))
    assert sorted(answer.status_code for answer in answers) == [303, 409], [clerk.text for clerk in (ana, luc)]
    assert WORDS in boxes(next(answer for answer in answers if answer.status_code == 409))
    assert await broken_at(await find(api.host, reference)) is None


async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api):
    ana, luc = await desk.signed_in("manager"), await desk.signed_in("manager", name="Luc Roy")
    reference, path = await opened(api)
    version = str((await find(api.host, reference)).version)
    assert (await press(ana, path, mine(TYPED, version, ana))).status_code == 303, ana.text
    late = await press(luc, path, mine(TYPED, version, luc))
    assert late.status_code == 409, luc.text
    assert f"{WORDS} {luc.person.name}" in boxes(late)
    assert await broken_at(await find(api.host, reference)) is None


async def test_a_program_that_does_not_name_the_version_that_it_saw_sends_nothing(api):
    reference, _ = await opened(api)
    body = {name: value for name, value in SENT["send_supplement"][1][0].items() if name != "version"}
    blind = await called(api, "send_supplement", reference, body, "1")
    assert (blind.status_code, blind.json()["errors"][0]["path"]) == (428, "version")
    assert (await find(api.host, reference)).version == 1


@pytest.mark.parametrize("name", METHODS)
async def test_of_two_programs_at_once_one_is_told_that_the_other_was_faster(api, name):
    reference, _ = await opened(api)
    body = SENT[name][1][0]
    answers = await asyncio.gather(*(called(api, name, reference, body, key) for key in ("1", "2")))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    late = await called(api, name, reference, body, "3")
    assert late.status_code == 409, late.text
    assert await broken_at(await find(api.host, reference)) is None
