"""The plugin keeps the contract that every plugin of Parvis keeps."""

from parvis_reports import plugin
from parvis_sdk.testing import PluginContract


class TestReports(PluginContract):
    plugin = plugin
