"""What commands run on: a database of whatever is installed."""

import pytest

from parvis.plugins.module_discovery import find_modules


@pytest.fixture(scope="session")
def modules():
    return find_modules()
