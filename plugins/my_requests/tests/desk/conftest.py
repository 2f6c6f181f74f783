"""The desk of a town whose residents have a space of their own, and whose people answer what is asked from there."""

import pytest

from parvis_testing.desk import *
from parvis_testing.known_addresses import with_known_addresses
from parvis_testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return with_known_addresses(only("my_requests", "disposal"))
