"""What holds for every module holds for the status of the service."""

from parvis_testing.module_contract import ModuleContract


class TestServiceStatus(ModuleContract):
    name = "service_status"
