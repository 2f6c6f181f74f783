"""The pages of a town whose plugin finds requests and proposes something for them."""

import pytest

from parvis_testing.operators import *

from ..matching import matching_plugin


@pytest.fixture(scope="session")
def town_plugin():
    return matching_plugin()
