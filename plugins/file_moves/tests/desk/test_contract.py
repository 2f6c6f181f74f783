"""What holds for every module holds for moving files."""

from parvis_testing.module_contract import ModuleContract


class TestFileMoves(ModuleContract):
    name = "file_moves"
    no_requesters = {"file_moves_on_the_way": ("digest",)}
