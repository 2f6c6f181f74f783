"""Plugins: found, asked, checked and kept as one frozen register; the only room that touches pluggy.

Here stands the register that use cases ask; `finding` and `opening` make it once, at the start of a host.
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
