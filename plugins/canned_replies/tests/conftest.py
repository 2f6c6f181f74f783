"""The desk of a town that has ready texts."""

import pytest

from parvis.testing.desk import *
from parvis.testing.modules import only
from parvis.testing.territory import small_town as small_town
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("canned_replies")
