"""What holds for every module holds for virus scanning."""

from parvis_testing.module_contract import ModuleContract


class TestVirusScanning(ModuleContract):
    name = "virus_scanning"
