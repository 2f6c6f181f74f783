"""A town where something may happen to many at once."""

import pytest

from parvis.testing.modules import only
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("incidents")
