"""What holds for every module holds for sorting."""

from parvis_testing.module_contract import ModuleContract


class TestSorting(ModuleContract):
    name = "sorting"
