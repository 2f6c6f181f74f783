"""What holds for every module holds for checks of plugins."""

from parvis_testing.module_contract import ModuleContract


class TestPluginChecks(ModuleContract):
    name = "plugin_checks"
