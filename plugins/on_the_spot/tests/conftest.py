"""A town with known addresses, where requests begin on the spot."""

import pytest

from parvis.modules import registry_of
from parvis_testing.known_addresses import KNOWN_ADDRESSES
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return registry_of((*KNOWN_ADDRESSES.modules, *only("on_the_spot").modules))
