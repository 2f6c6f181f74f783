"""A town whose works are looked at beside requests in every other situation: its API, and its desk."""

import pytest

from parvis_testing.crowded_town import *

from ..works import WORKS


@pytest.fixture(scope="session")
def more_types():
    """What this module adds to the types of the town."""
    return (WORKS,)
