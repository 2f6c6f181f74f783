"""In which towns other systems are read: those that have the module."""

from collections.abc import Set

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis_sdk.connectors import Connector

NAME = "connectors"  # of the module


def towns_with(host: Host) -> frozenset[str]:
    """The codes of the towns that have it."""
    return frozenset(code for code, town in host.jurisdictions.by_code.items() if has(host, town))


def has(host: Host, town: Jurisdiction) -> bool:
    """Whether a town has it."""
    return host.modules.of(town).has(NAME)


def read_here(host: Host) -> tuple[Connector, ...]:
    """The connectors whose systems are asked for news: those that serve a town which has the module."""
    there = towns_with(host)
    return tuple(each for each in host.plugins.connectors.values() if each.changes is not None and serves(each, there))


def serves(connector: Connector, towns: Set[str]) -> bool:
    """Whether a connector is for one of these towns."""
    return bool(towns and (not connector.towns or towns & {*connector.towns}))
