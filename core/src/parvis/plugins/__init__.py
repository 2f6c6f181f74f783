"""Plugins: found, asked, checked and kept as one frozen registry; the only package that touches pluggy.

Here stands the registry that use cases ask; `discovery` and `loading` make it once, at the start of a host.
"""

from parvis.plugins.registry import DiscoveredPlugin, NamedSubscription, Origin, Plugin, PluginRegistry
from parvis.troubles import Trouble

__all__ = [
    "DiscoveredPlugin",
    "NamedSubscription",
    "Origin",
    "Plugin",
    "PluginRegistry",
    "Trouble",
]
