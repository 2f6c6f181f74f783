"""A town whose people join, tie and split requests."""

import pytest

from parvis_testing.modules import only
from parvis_testing.requests import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("merging", "bulk_actions", "closing_question")
