"""What holds for every module holds for tiles of the base map."""

from parvis_testing.module_contract import ModuleContract


class TestMapTiles(ModuleContract):
    name = "map_tiles"
