"""A town whose files are scanned."""

import pytest

from parvis_testing.modules import only
from parvis_testing.requests import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("virus_scanning")
