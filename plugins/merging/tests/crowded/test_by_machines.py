"""What machines tie: they name the version that they saw, and of two at once one is told what the other did."""

import asyncio

import pytest

from parvis.requests.history import broken_at
from parvis.requests.records import find
from parvis_testing.crowded import SCOPES, reported

from ..sent import SENT

PATHS = {
    "end_tie": "/requests/{reference}/ties/end",
    "split_request": "/requests/{reference}/split",
    "tie_request": "/requests/{reference}/ties",
}
MADE_BESIDE = {"split_request"}
"""They compare the version that was seen, and change nothing of the request: two at once make two others."""


def test_each_operation_that_writes_has_its_answer_to_who_was_faster():
    assert PATHS.keys() == SENT.keys()


async def asked(api, name):
    """A situation that the operation needs: its path, and a body that the operation takes there."""
    make, (body, *_), _ = SENT[name]
    found = await make(api)
    path = f"/api/v1{PATHS[name]}".format(**found.named)
    if name not in MADE_BESIDE:
        body = body | {"kind": "about", "other": (await reported(api)).named["reference"]}
    if name == "end_tie":
        tied = await api.http.post(path.removesuffix("/end"), json=body, headers=await api.token(*SCOPES))
        body = body | {"version": tied.json()["version"]}
    return found, path, body


async def said(api, path, body, key="1"):
    """What the operation answers to a program."""
    return await api.http.post(path, json=body, headers={"idempotency-key": key} | await api.token(*SCOPES))


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_without_the_version_that_was_seen_nothing_is_overwritten(api, name):
    found, path, body = await asked(api, name)
    before = await find(api.host, found.named["reference"])
    blind = await said(api, path, {each: value for each, value in body.items() if each != "version"})
    assert (blind.status_code, blind.json()["errors"][0]["path"]) == (428, "version")
    assert (await find(api.host, found.named["reference"])).version == before.version


@pytest.mark.parametrize("name", sorted(PATHS.keys() - MADE_BESIDE))
async def test_of_two_at_once_one_is_told_that_the_other_was_faster(api, name):
    found, path, body = await asked(api, name)
    answers = await asyncio.gather(*(said(api, path, body, key) for key in ("1", "2")))
    assert sorted(answer.status_code for answer in answers) == [200, 409], [answer.text for answer in answers]
    late = await said(api, path, body, "3")
    assert late.status_code == 409, late.text
    assert await broken_at(await find(api.host, found.named["reference"])) is None
