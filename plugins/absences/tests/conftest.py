"""The desk of a town whose people say when they are away."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("absences")
