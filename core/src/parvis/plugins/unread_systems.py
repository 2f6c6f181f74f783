"""Connectors whose systems have news for a town, and the module that reads it, where it is missing."""

from collections.abc import Iterator

from msgspec import structs

from parvis.modules import ModuleRegistry
from parvis.plugins.registry import PluginRegistry
from parvis.troubles import Trouble
from parvis_sdk.connectors import Connector
from parvis_sdk.text import Text

READER = "connectors"  # the module that reads other systems and shows how each stands
DISTRIBUTION = "parvis-connectors"
NO_READER = Text(
    fr="le module «\u00a0{module}\u00a0», qui reçoit les mises à jour d’autres systèmes, n’est pas installé",
    en="the module “{module}”, which receives updates from other systems, is not installed",
)
DELIVERED_ONLY = Text(
    fr="les événements sont livrés à {names}, mais ses mises à jour ne sont pas reçues",
    en="events are delivered to {names}, but its updates are not received",
)
INSTALL_READER = Text(
    fr="installez {distribution}, puis mettez le module en service",
    en="install {distribution}, then switch the module on",
)


def has_news(connector: Connector) -> bool:
    """Whether its system says anything by itself, or is asked."""
    return any((connector.changes, connector.understand, connector.listed, connector.layers))


def unread_systems(plugins: PluginRegistry, modules: ModuleRegistry) -> Iterator[Trouble]:
    """A complaint for each plugin that connects a system which nobody here reads."""
    if modules.named(READER) is not None:
        return
    for plugin in plugins.by_name.values():
        names = [name for name in plugin.connectors if has_news(plugins.connectors[name])]
        if names:
            yield Trouble(
                who=str(plugin.origin),
                what=NO_READER.format(module=READER),
                so_what=DELIVERED_ONLY.format(names=", ".join(names)),
                now_what=INSTALL_READER.format(distribution=DISTRIBUTION),
                plugin=plugin.name,
                severe=False,
            )


def with_unread_systems(plugins: PluginRegistry, modules: ModuleRegistry) -> PluginRegistry:
    """The same with these complaints, which stay when names that are another's are taken out."""
    unread = tuple(unread_systems(plugins, modules))
    later = plugins.troubles[len(plugins.at_first) :]
    at_first = (*plugins.at_first, *unread)
    return structs.replace(plugins, at_first=at_first, troubles=(*at_first, *later)) if unread else plugins
