"""The desk of a town that writes down who speaks for whom."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("mandates")
