from parvis_street_party import plugin

from parvis_sdk.testing import PluginContract


class TestContract(PluginContract):
    plugin = plugin
