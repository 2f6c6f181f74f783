"""What holds for every module holds for checks of plugins."""

import pytest

from parvis_testing.module_contract import ModuleContract
from parvis_testing.modules import only
from parvis_testing.town import *


@pytest.fixture(scope="session")
def modules():
    return only("plugin_checks")


class TestPluginChecks(ModuleContract):
    name = "plugin_checks"
