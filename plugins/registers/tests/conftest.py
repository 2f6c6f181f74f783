"""A town with this module, and one more page of the group of its menu."""

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("registers", "on_the_spot")
