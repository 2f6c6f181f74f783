"""Towns whose other systems are read."""

import pytest

from parvis_testing.modules import all_on, only


@pytest.fixture
async def reading(database):
    """The module that reads other systems, on in every town."""
    return await all_on(database, only("connectors"))
