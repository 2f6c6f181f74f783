"""The same desk with one type more: made anew here, since a session keeps the first town that it has made."""

import pytest

from parvis.plugins.module_discovery import find_modules
from parvis_testing.desk import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return find_modules()
