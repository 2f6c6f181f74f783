"""A town that announces what closes, and when what comes by."""

import pytest

from parvis_testing.jurisdictions import small_town as small_town
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("advisories")
