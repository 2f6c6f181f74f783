"""The desk of a running application."""

import pytest

from parvis_testing.confiding import *
from parvis_testing.desk import *
from parvis_testing.known_addresses import KNOWN_ADDRESSES
from parvis_testing.many import *


@pytest.fixture(scope="session")
def modules():
    return KNOWN_ADDRESSES
