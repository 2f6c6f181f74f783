"""What holds for every module holds for traces."""

from parvis_testing.module_contract import ModuleContract


class TestTraces(ModuleContract):
    name = "traces"
