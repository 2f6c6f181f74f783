"""What holds for every module holds for geographic data."""

from parvis_testing.module_contract import ModuleContract


class TestGeodata(ModuleContract):
    name = "geodata"
