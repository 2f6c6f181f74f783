import pytest
from parvis_street_party import plugin


@pytest.fixture
def parvis_plugin():
    return plugin
