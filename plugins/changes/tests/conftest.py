"""The API of a town in which programs keep copies."""

import pytest

from parvis_testing.api import *
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("changes")
