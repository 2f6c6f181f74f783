"""What no part can prove alone is tried with every module that is installed."""

import pytest


@pytest.fixture(scope="session")
def modules():
    from parvis.plugins.module_discovery import find_modules

    return find_modules()
