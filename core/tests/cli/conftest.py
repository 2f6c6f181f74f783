"""What commands run as processes of their own stand in; here each begins from nothing."""

import pytest

from parvis_testing.commands import *


@pytest.fixture(scope="session")
def from_nothing():
    return True
