"""A town whose people act on many requests at once."""

import pytest

from parvis_testing.modules import only
from parvis_testing.requests import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("bulk_actions")
