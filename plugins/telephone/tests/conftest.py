"""A town that knows its addresses, and whose people answer the telephone."""

import pytest

from parvis_testing.known_addresses import with_known_addresses
from parvis_testing.modules import only
from parvis_testing.requests import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return with_known_addresses(only("telephone", "closing_question"))
