"""A town in which one may follow the requests of others, with requests in every situation: its API."""

import pytest

from parvis_testing.crowded_town import *


@pytest.fixture(scope="session")
def more_types():
    """None beside those of the town."""
    return ()
