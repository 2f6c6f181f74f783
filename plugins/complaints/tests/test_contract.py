"""The plugin keeps the contract that every plugin of Parvis keeps."""

from parvis_complaints import plugin
from parvis_sdk.testing import PluginContract


class TestComplaints(PluginContract):
    plugin = plugin
