"""The API of a running application."""

import pytest

from parvis_testing.api import *
from parvis_testing.known_addresses import KNOWN_ADDRESSES


@pytest.fixture(scope="session")
def modules():
    return KNOWN_ADDRESSES
