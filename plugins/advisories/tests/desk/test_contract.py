"""What holds for every module holds for advisories."""

from parvis_testing.module_contract import ModuleContract


class TestAdvisories(ModuleContract):
    name = "advisories"
