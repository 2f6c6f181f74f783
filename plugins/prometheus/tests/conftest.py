"""An installation that monitors read."""

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("prometheus")
