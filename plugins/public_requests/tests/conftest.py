"""A town that shows its requests to everybody."""

import pytest

from parvis_testing.known_addresses import with_known_addresses
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return with_known_addresses(only("public_requests", "following"))
