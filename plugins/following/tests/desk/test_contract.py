"""What holds for every module holds for following."""

from parvis_testing.module_contract import ModuleContract


class TestFollowing(ModuleContract):
    name = "following"
