"""The desk of a town that announces, besides, what stands in its files."""

import pytest

from parvis_testing.desk import *
from parvis_testing.modules import only


@pytest.fixture(scope="session")
def modules():
    return only("telephone", "advisories")
