"""What holds for every module holds for typesetting."""

from parvis_testing.module_contract import ModuleContract


class TestTypesetting(ModuleContract):
    name = "typesetting"
