"""What Parvis asks of every plugin, of this one."""

from parvis_crm_connector import plugin
from parvis_crm_connector.settings import Settings
from parvis_sdk.testing import PluginContract


class TestContract(PluginContract):
    plugin = plugin
    settings = Settings()
