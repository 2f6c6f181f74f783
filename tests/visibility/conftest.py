"""The desk of a town in which every module that is installed is on."""

import pytest

from parvis.plugins.module_discovery import find_modules
from parvis_testing.desk import *
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return find_modules()
