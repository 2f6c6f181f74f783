"""A town with requests in every situation: its API, and its desk."""

import pytest

from parvis_testing.crowded_town import *


@pytest.fixture(scope="session")
def more_types():
    """This module needs none of its own."""
    return ()
