"""A town that looks at works on the spot."""

import pytest

from parvis.testing.modules import only
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("inspections")
