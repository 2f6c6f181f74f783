"""A town whose types ask for fees and visits as soon as a request comes in."""

import pytest

from parvis_testing.modules import only
from parvis_testing.requests import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("migration", "fees", "inspections")
