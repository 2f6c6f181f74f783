"""The plugin keeps the contract that every plugin of Parvis keeps."""

from parvis_hosted_payments import plugin
from parvis_hosted_payments.settings import Settings
from parvis_sdk.testing import PluginContract


class TestHostedPayments(PluginContract):
    plugin = plugin
    settings = Settings()
