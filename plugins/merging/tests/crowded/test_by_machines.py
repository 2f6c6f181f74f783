"""What machines tie: they name the version that they saw, and of two at once one is told what the other did."""

from functools import partial

import pytest

from parvis_testing.crowded import SCOPES, reported
from parvis_testing.rivals import call_refused_blind, called, one_of_two_programs_is_told

from ..sent import SENT

pytestmark = pytest.mark.both_engines

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


@pytest.mark.parametrize("name", sorted(PATHS))
async def test_without_the_version_that_was_seen_nothing_is_overwritten(api, name):
    found, path, body = await asked(api, name)
    await call_refused_blind(api, found.named["reference"], partial(called, api, path), body)


@pytest.mark.parametrize("name", sorted(PATHS.keys() - MADE_BESIDE))
async def test_of_two_at_once_one_is_told_that_the_other_was_faster(api, name):
    found, path, body = await asked(api, name)
    await one_of_two_programs_is_told(api, found.named["reference"], partial(called, api, path), body)
