"""What Parvis asks of every plugin, of this one."""

from parvis_erp_connector import plugin
from parvis_erp_connector.settings import Settings
from parvis_sdk.testing import PluginContract


class TestContract(PluginContract):
    plugin = plugin
    settings = Settings()
