"""A town with works that wait for opinions beside requests in every other situation: its API, and its desk."""

import pytest

from parvis_testing.crowded_town import *

from ..asking import REVIEWED


@pytest.fixture(scope="session")
def more_types():
    """What this module adds to the types of the town."""
    return (REVIEWED,)
