"""A town that promises its own delays."""

import pytest

from parvis.testing.modules import only
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("service_levels")
