"""On the public page of the service: whether each connected system is well."""

from parvis.requests.host import Host
from parvis.web.system_status import System, SystemSource
from parvis_connectors.standing import standings
from parvis_connectors.switched import serves, towns_with

LATE = ("resting", "paused")


async def systems(host: Host) -> tuple[System, ...]:
    """Each connector, for the towns that have the module among those it serves."""
    there = towns_with(host)
    return tuple(
        System(
            title=each.connector.title,
            towns=tuple(sorted(there & (set(each.connector.towns) or there))),
            well=each.weather not in LATE,
            since=each.oldest if each.weather in LATE else None,
        )
        for each in await standings(host)
        if serves(each.connector, there)
    )


SYSTEMS = SystemSource(slot="portal.status", name="connectors", systems=systems)
