"""A town whose people declare ahead what concerns them."""

import pytest

from parvis.testing.desk import *
from parvis.testing.modules import only
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("interests")
