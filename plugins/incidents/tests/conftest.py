"""A town where something may happen to many at once."""

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("incidents", "bulk_actions", "following")
