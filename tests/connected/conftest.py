"""Towns whose other systems are read."""

import pytest

from parvis_testing.commands import surroundings as surroundings
from parvis_testing.modules import all_on, only

from .next_town import next_town as next_town
from .next_town import stand_in as stand_in


@pytest.fixture
async def reading(database):
    """The modules that read other systems, and the addresses of towns, on in every town."""
    return await all_on(database, only("address_search", "connectors"))
