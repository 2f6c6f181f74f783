"""What machines overwrite: they name the version that they saw, and of two at once one is told what the other did."""

from functools import partial

import pytest

from parvis_testing.crowded import KEY, SCOPES, SENT
from parvis_testing.rivals import call_refused_blind, one_of_two_programs_is_told

pytestmark = pytest.mark.both_engines

VERSION = {
    "amend_request",
    "assign_request",
    "move_request",
    "replace_contact",
}
NOTHING_LOST = {
    "add_occurrence": "adds to the story",
    "choose_messages": "only the person says whether the town writes to them, and says which of the two",
    "decide_public_page": "publishing, taking back and showing compare the version; hiding does not wait",
    "file_request": "makes a request",
    "reveal_requester": "each reveal is an entry of its own",
    "revive_delivery": "a delivery is tried again, however often this is said",
    "write_message": "adds words; their version is compared where it is named",
    "write_note": "adds words; their version is compared where it is named",
}


def test_each_operation_that_writes_has_its_answer_to_who_was_faster():
    assert VERSION | NOTHING_LOST.keys() == SENT.keys()


async def asked(api, name):
    """A situation that the operation needs: its path, and a body that the operation takes there."""
    make, (body, *_), _ = SENT[name]
    found = await make(api)
    path = f"/api/v1{PATHS[name]}".format(**found.named)
    return found, path, body


PATHS = {
    "amend_request": "/requests/{reference}",
    "assign_request": "/requests/{reference}/assignment",
    "move_request": "/requests/{reference}/moves",
    "replace_contact": "/requests/{reference}/contact",
}
METHODS = {"amend_request": "PATCH", "replace_contact": "PUT"}


async def said(api, name, found, path, body, key):
    """What the operation answers to its usual caller."""
    headers = {"idempotency-key": key}
    params = {"key": found.key} if SENT[name][2][0] == KEY else {}
    headers |= {} if params else await api.token(*SCOPES)
    return await api.http.request(METHODS.get(name, "POST"), path, json=body, headers=headers, params=params)


@pytest.mark.parametrize("name", sorted(VERSION))
async def test_without_the_version_that_was_seen_nothing_is_overwritten(api, name):
    found, path, body = await asked(api, name)
    await call_refused_blind(api, found.named["reference"], partial(said, api, name, found, path), body)


@pytest.mark.parametrize("name", sorted(VERSION))
async def test_of_two_at_once_one_is_told_that_the_other_was_faster(api, name):
    found, path, body = await asked(api, name)
    await one_of_two_programs_is_told(api, found.named["reference"], partial(said, api, name, found, path), body)
