"""What Parvis asks of every plugin, of this one."""

from parvis_sdk.testing import PluginContract
from parvis_webhooks import plugin
from parvis_webhooks.settings import Settings


class TestContract(PluginContract):
    plugin = plugin
    settings = Settings()
