"""Two at one list: each names what they saw, one is told what the other did, and nobody loses a word."""

from functools import partial

import pytest

from parvis.requests.records import find
from parvis_testing.crowded import SCOPES
from parvis_testing.rivals import (
    WORDS,
    blindly,
    call_refused_blind,
    one_of_two_is_told,
    one_of_two_programs_is_told,
    refused_blind,
    the_later_is_told,
    two_managers,
)

from ..waiting import SENT, studied

pytestmark = pytest.mark.both_engines

TYPED = {"points.begins.mark": "yes", "points.begins.words": WORDS, "do": "send"}
METHODS = {"prepare_supplement": "PUT", "send_supplement": "POST"}


async def opened(api):
    """A file whose list is about to be sent: its reference, the path, what is typed, the version shown."""
    reference = (await studied(api)).named["reference"]
    version = str((await find(api.host, reference)).version)
    return reference, f"/bureau/requete/{reference}/complements/completeness", TYPED, version


async def called(api, name, reference, body, key):
    """What an operation answers to a program."""
    headers = {"idempotency-key": key} | await api.token(*SCOPES)
    path = f"/api/v1/requests/{reference}/supplements/completeness"
    return await api.http.request(METHODS[name], path, json=body, headers=headers)


@blindly
async def test_a_list_that_does_not_say_what_it_was_filled_in_from_is_not_sent(desk, api, given):
    reference, path, typed, _ = await opened(api)
    await refused_blind(await desk.signed_in("manager"), api, reference, path, typed | given)


async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api):
    await one_of_two_is_told(await two_managers(desk), api, *await opened(api))


async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api):
    await the_later_is_told(await two_managers(desk), api, *await opened(api))


async def test_a_program_that_does_not_name_the_version_that_it_saw_sends_nothing(api):
    reference, *_ = await opened(api)
    call = partial(called, api, "send_supplement", reference)
    await call_refused_blind(api, reference, call, SENT["send_supplement"][1][0])


@pytest.mark.parametrize("name", METHODS)
async def test_of_two_programs_at_once_one_is_told_that_the_other_was_faster(api, name):
    reference, *_ = await opened(api)
    await one_of_two_programs_is_told(api, reference, partial(called, api, name, reference), SENT[name][1][0])
