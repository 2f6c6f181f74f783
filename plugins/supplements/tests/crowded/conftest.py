"""A town with a file that is to be completed beside requests in every other situation: its API, and its desk."""

import pytest

from parvis_testing.crowded_town import *

from ..waiting import FILED


@pytest.fixture(scope="session")
def more_types():
    """What this module adds to the types of the town."""
    return (FILED,)
