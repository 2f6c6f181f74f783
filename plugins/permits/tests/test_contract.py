"""The plugin keeps the contract that every plugin of Parvis keeps."""

from parvis_permits import plugin
from parvis_sdk.testing import PluginContract


class TestPermits(PluginContract):
    plugin = plugin
