"""The desk of a town in which every module that is installed is on."""

import pytest

from parvis.house.finding_modules import find_modules
from parvis.testing.desk import *
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return find_modules()
