"""The portal of a town with requests of another system."""

import pytest

from parvis_testing.modules import only
from parvis_testing.portal import *


@pytest.fixture(scope="session")
def modules():
    return only("migration")
