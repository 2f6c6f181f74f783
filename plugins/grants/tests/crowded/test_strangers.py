"""What the API tells of what was granted to those whom it does not concern, or only in part: nothing of it."""

import pytest

from parvis.api.routing import every_operation
from parvis_testing.strangers import paths_about, public_reads_nothing, strangers_read_nothing, with_words

from ..granted import granted

LISTS = ("/requests", "/deadlines", "/deliveries")
PRIVATE = ("versions", "granted")


@pytest.fixture
async def scene(api):
    """A planting that was granted, with words that are the town's, and the requester's."""
    return await with_words(api, await granted(api))


@pytest.fixture
def paths(scene, modules):
    """Where the API reads something of it."""
    every = paths_about(scene, every_operation(modules))
    assert f"/requests/{scene.named['reference']}/granted" in every
    return every


async def test_a_token_of_another_town_or_unit_and_the_key_of_another_request_open_nothing_private(api, scene, paths):
    await strangers_read_nothing(api, scene, paths, LISTS)


async def test_the_public_reads_nothing_that_is_personal_or_internal_anywhere(api, paths):
    await public_reads_nothing(api, paths, LISTS, PRIVATE)
