"""What the API tells of money to those whom their request does not concern, or only in part: nothing of them."""

import pytest

from parvis.api.routing import every_operation
from parvis_testing.strangers import paths_about, public_reads_nothing, strangers_read_nothing, with_words

from ..charged import charged, paid

LISTS = ("/requests", "/deliveries")
PRIVATE = ("documents", "versions", "charges", "granted")


@pytest.fixture(params=[charged, paid], ids=lambda each: each.__name__)
async def scene(api, request):
    """A sign that costs something, with words that are the town's, and the requester's."""
    return await with_words(api, await request.param(api))


@pytest.fixture
def paths(scene, modules):
    """Where the API reads something of it."""
    every = paths_about(scene, every_operation(modules))
    assert f"/requests/{scene.named['reference']}/charges" in every
    return every


async def test_a_token_of_another_town_or_unit_and_the_key_of_another_request_open_nothing_private(api, scene, paths):
    await strangers_read_nothing(api, scene, paths, LISTS)


async def test_the_public_reads_nothing_that_is_personal_or_internal_anywhere(api, paths):
    await public_reads_nothing(api, paths, LISTS, PRIVATE)
