"""A town that writes rules of routing."""

import pytest

from parvis.testing.modules import only
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("routing")
