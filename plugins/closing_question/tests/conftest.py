"""A town that asks whether it is resolved."""

import pytest

from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("closing_question")
