"""What commands run on: a database of whatever is installed."""

import pytest

from parvis.house.finding_modules import find_modules


@pytest.fixture(scope="session")
def modules():
    return find_modules()
