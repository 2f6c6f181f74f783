"""What holds for every module holds for drafts."""

from parvis_testing.module_contract import ModuleContract


class TestDrafts(ModuleContract):
    name = "drafts"
