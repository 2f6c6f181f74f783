"""What holds for every module holds for the seals of towns."""

from parvis_testing.module_contract import ModuleContract


class TestSeals(ModuleContract):
    name = "seals"
