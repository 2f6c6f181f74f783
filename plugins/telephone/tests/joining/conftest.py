"""A desk whose town also lets requests go on with one another."""

import pytest

from parvis_testing.desk import *
from parvis_testing.known_addresses import with_known_addresses
from parvis_testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return with_known_addresses(only("telephone", "merging"))
