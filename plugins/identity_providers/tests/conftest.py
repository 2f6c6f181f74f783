"""A town whose people sign in by a provider of its own."""

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("identity_providers", "registers")
