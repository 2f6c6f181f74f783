from parvis_lost_and_found import plugin

from parvis_sdk.testing import PluginContract


class TestContract(PluginContract):
    plugin = plugin
