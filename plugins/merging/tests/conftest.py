"""A town whose people join, tie and split requests."""

import pytest

from parvis.testing.modules import only
from parvis.testing.requests import *
from parvis.testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("merging")
