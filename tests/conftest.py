"""What no part can prove alone is tried with every module that is installed."""

import pytest


@pytest.fixture(scope="session")
def modules():
    from parvis.house.finding_modules import find_modules

    return find_modules()
