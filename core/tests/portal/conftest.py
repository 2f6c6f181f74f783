"""The portal of a running application."""

import pytest

from parvis_testing.known_addresses import KNOWN_ADDRESSES
from parvis_testing.portal import *


@pytest.fixture(scope="session")
def modules():
    return KNOWN_ADDRESSES
