"""What the API tells of opinions to those whom their request does not concern, or only in part: nothing of them."""

import pytest

from parvis.api.routing import every_operation
from parvis_testing.strangers import paths_about, public_reads_nothing, strangers_read_nothing, with_words

from ..asking import reviewing

LISTS = ("/requests", "/tasks", "/deliveries")
PRIVATE = ("documents", "versions", "charges", "tasks", "granted")


@pytest.fixture
async def scene(api):
    """Works whose opinions were asked for, with words that are the town's, and the requester's."""
    return await with_words(api, await reviewing(api))


@pytest.fixture
def paths(scene, modules):
    """Where the API reads something of it."""
    every = paths_about(scene, every_operation(modules))
    assert {f"/tasks/{scene.named['id']}", f"/requests/{scene.named['reference']}/tasks"} <= {*every}
    return every


async def test_a_token_of_another_town_or_unit_and_the_key_of_another_request_open_nothing_private(api, scene, paths):
    await strangers_read_nothing(api, scene, paths, LISTS, "tasks:read", "tasks:write")


async def test_the_public_reads_nothing_that_is_personal_or_internal_anywhere(api, paths):
    await public_reads_nothing(api, paths, LISTS, PRIVATE)
