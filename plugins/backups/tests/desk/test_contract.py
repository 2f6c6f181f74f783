"""What holds for every module holds for backups."""

from parvis_testing.module_contract import ModuleContract


class TestBackups(ModuleContract):
    name = "backups"
    no_requesters = {"backups_set": ("name",), "backups_restore": ("name", "by", "reason")}
