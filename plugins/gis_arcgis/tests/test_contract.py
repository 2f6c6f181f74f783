"""What Parvis asks of every plugin, of this one."""

from parvis_gis_arcgis import plugin
from parvis_gis_arcgis.settings import Settings
from parvis_sdk.testing import PluginContract


class TestContract(PluginContract):
    plugin = plugin
    settings = Settings()
