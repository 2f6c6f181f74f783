"""A town whose worker tells people, and whose people call whom no machine reaches."""

import pytest

from parvis_testing.modules import only
from parvis_testing.worker import *


@pytest.fixture(scope="session")
def modules():
    return only("incidents", "bulk_actions", "telephone")
