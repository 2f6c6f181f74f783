"""What holds for every module holds for the demo."""

from parvis_testing.module_contract import ModuleContract


class TestDemo(ModuleContract):
    name = "demo"
