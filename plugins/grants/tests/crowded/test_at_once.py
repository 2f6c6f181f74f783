"""Two at one condition: each names what they saw, one is told what the other did, and nobody loses a word."""

from functools import partial

import pytest

from parvis.requests.records import find
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

from ..granted import SENT, granted

pytestmark = pytest.mark.both_engines

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


@blindly
async def test_a_form_that_does_not_say_what_it_was_filled_in_from_changes_nothing(desk, api, opened, given):
    reference, path, _ = opened
    await refused_blind(await desk.signed_in("manager"), api, reference, path, TYPED | given)


async def test_of_two_at_once_one_sees_what_the_other_did_and_loses_no_word(desk, api, opened):
    reference, path, version = opened
    await one_of_two_is_told(await two_managers(desk), api, reference, path, TYPED, version)


async def test_who_sends_after_the_other_is_done_sees_that_and_loses_no_word(desk, api, opened):
    reference, path, version = opened
    await the_later_is_told(await two_managers(desk), api, reference, path, TYPED, version)


async def asked(api, name):
    """A situation that the operation needs: its path, and a body that the operation takes there."""
    make, (body, *_), _ = SENT[name]
    found = await make(api)
    return found, f"/api/v1{PATHS[name]}".format(**found.named), body


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_without_the_version_that_was_seen_nothing_is_overwritten(api, name):
    found, path, body = await asked(api, name)
    await call_refused_blind(api, found.named["reference"], partial(called, api, path), body)


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_of_two_programs_at_once_one_is_told_that_the_other_was_faster(api, name):
    found, path, body = await asked(api, name)
    await one_of_two_programs_is_told(api, found.named["reference"], partial(called, api, path), body)
