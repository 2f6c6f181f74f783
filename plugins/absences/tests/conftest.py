"""The desk of a town whose people say when they are away."""

import pytest

from parvis.testing.desk import *
from parvis.testing.modules import only
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("absences")
