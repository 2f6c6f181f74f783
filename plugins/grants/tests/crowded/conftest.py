"""A town that grants plantings beside requests in every other situation: its API, and its desk."""

import pytest

from parvis_testing.crowded_town import *

from ..granted import GRANTED


@pytest.fixture(scope="session")
def more_types():
    """What this module adds to the types of the town."""
    return (GRANTED,)
