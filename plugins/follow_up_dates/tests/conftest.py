"""A town whose people choose days to look at requests again."""

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("follow_up_dates")
