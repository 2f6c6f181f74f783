"""What holds for every module holds for alerts."""

from parvis_testing.module_contract import ModuleContract


class TestAlerts(ModuleContract):
    name = "alerts"
