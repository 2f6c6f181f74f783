import pytest
from parvis_lost_and_found import plugin


@pytest.fixture
def parvis_plugin():
    return plugin
