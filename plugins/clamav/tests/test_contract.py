"""The plugin keeps the contract that every plugin of Parvis keeps, where clamd is and where it is not."""

from parvis_clamav import plugin
from parvis_clamav.settings import Settings
from parvis_sdk.testing import PluginContract


class TestClamAV(PluginContract):
    plugin = plugin
    settings = Settings(socket="/nowhere/clamd.sock")


def test_without_an_address_there_is_no_scanner():
    assert plugin.virus_scanners(Settings()) == []
