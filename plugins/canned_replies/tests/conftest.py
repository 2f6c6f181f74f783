"""The desk of a town that has ready texts."""

import pytest

from parvis_testing.desk import *
from parvis_testing.jurisdictions import small_town as small_town
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("canned_replies")
