"""What holds for every module holds for the demo."""

from parvis.testing.module_contract import ModuleContract


class TestDemo(ModuleContract):
    name = "demo"
