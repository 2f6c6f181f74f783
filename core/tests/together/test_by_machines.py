"""What machines overwrite: they name the version that they saw, and of two at once one is told what the other did."""

import asyncio

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis_testing.crowded import KEY, SCOPES, SENT

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
    "follow_request": "adds a follower",
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


async def said(api, name, found, path, body, key="1"):
    """What the operation answers to its usual caller."""
    headers = {"idempotency-key": key}
    params = {"key": found.key} if SENT[name][2][0] == KEY else {}
    headers |= {} if params else await api.token(*SCOPES)
    return await api.http.request(METHODS.get(name, "POST"), path, json=body, headers=headers, params=params)


@pytest.mark.parametrize("name", sorted(VERSION))
async def test_without_the_version_that_was_seen_nothing_is_overwritten(api, name):
    found, path, body = await asked(api, name)
    before = await find(api.host, found.named["reference"])
    blind = await said(api, name, found, path, {each: value for each, value in body.items() if each != "version"})
    assert (blind.status_code, blind.json()["errors"][0]["path"]) == (428, "version")
    assert (await find(api.host, found.named["reference"])).version == before.version


@pytest.mark.parametrize("name", sorted(VERSION))
async def test_of_two_at_once_one_is_told_that_the_other_was_faster(api, name):
    found, path, body = await asked(api, name)
    answers = await asyncio.gather(*(said(api, name, found, path, body, key) for key in ("1", "2")))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    late = await said(api, name, found, path, body, "3")
    assert late.status_code == 409, late.text
    assert await broken_at(await find(api.host, found.named["reference"])) is None
