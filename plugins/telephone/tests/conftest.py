"""A town that knows its addresses, and whose people answer the telephone."""

import pytest

from parvis.modules import registry_of
from parvis_testing.known_addresses import MODULE
from parvis_testing.modules import only
from parvis_testing.requests import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return registry_of([*only("telephone").modules, MODULE])
