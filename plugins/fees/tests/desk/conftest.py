"""The desk of a town that asks for fees."""

import pytest

from parvis.house import Found
from parvis.testing.desk import *
from parvis.testing.town import HOLE, QUARREL, plugin_of

from ..permit import PERMIT


@pytest.fixture(scope="session")
def town_plugin():
    return Found.of("town", plugin_of(HOLE, QUARREL, PERMIT))
