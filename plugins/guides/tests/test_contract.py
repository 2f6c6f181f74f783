"""What holds for every module holds for guides."""

from parvis_testing.module_contract import ModuleContract


class TestGuides(ModuleContract):
    name = "guides"
