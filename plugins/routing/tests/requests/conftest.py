"""Towns of other request types, pictures, whose people may have declared what concerns them."""

import pytest

from parvis_testing.modules import only
from parvis_testing.requests import *


@pytest.fixture(scope="session")
def modules():
    return only("routing", "interests")
