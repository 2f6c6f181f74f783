"""A town whose people look again, with requests in every situation."""

import pytest

from parvis_testing.crowded_town import *


@pytest.fixture(scope="session")
def more_types():
    """None beside those of the town."""
    return ()
