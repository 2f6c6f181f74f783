"""What holds for every module holds for the search of addresses."""

from parvis_testing.module_contract import ModuleContract


class TestAddressSearch(ModuleContract):
    name = "address_search"
