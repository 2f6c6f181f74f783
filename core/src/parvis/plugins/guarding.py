"""What the client lent to a plugin minds, by what its settings declare."""

from parvis.http_client import NO_GUARD, PluginGuard
from parvis.plugins.registry import Plugin
from parvis_sdk.settings import exits_of, secrets_of


def guard_of(plugin: Plugin | None) -> PluginGuard:
    """The hosts that a plugin may speak to, where it says so, and its secrets."""
    if plugin is None:
        return NO_GUARD
    settings = plugin.settings
    return PluginGuard(plugin=plugin.name, hosts=exits_of(settings), secrets=secrets_of(settings))
