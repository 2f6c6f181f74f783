"""A town that knows its addresses, and whose people declare ahead what concerns them."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("interests", "address_search")
