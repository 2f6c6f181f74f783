"""Layers in use: every process looks every few seconds whether one changed, reads what did, and renews its towns.

A look is one small statement. What changed is read by its version and put together beside the event loop, so that no
page waits for it; a page asks what is in memory.
"""

import asyncio
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

import structlog
from msgspec import Struct

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.zones import outside
from parvis.module_settings import zones_named
from parvis.requests.host import Host
from parvis.requests.offered import TypesInTowns
from parvis.rereading import Reread
from parvis_connectors.renewed_towns import LayerKept, StoredFeature, kept_layer, renewed
from parvis_connectors.switched import has, towns_with
from parvis_connectors.tables import Feature as FeatureRow
from parvis_connectors.tables import FeatureChange, TownLayer

MOST_TOLD = 20
COLUMNS = "key, code, name, name_en, kind, shape, lon, lat, west, south, east, north, facts"
CHANGED = f"SELECT {COLUMNS} FROM feature WHERE layer = {{}} AND version > {{}} AND lon IS NOT NULL"  # noqa: S608
AWAY = """
SELECT key FROM feature WHERE layer = {} AND version > {} AND lon IS NULL
UNION SELECT key FROM feature_change WHERE layer = {} AND version > {} AND what = 'gone'"""
log = structlog.get_logger("parvis.layers")


class CachedLayer(Struct):
    """A layer in memory: its version, its things by key, and what was made of them last."""

    connector: str
    name: str
    version: int
    things: dict[str, StoredFeature]
    made: LayerKept


class LayerRenewal:
    """Lives as long as the host; the towns as their files have them are kept to go back to."""

    def __init__(self, towns: Mapping[str, Jurisdiction] = MappingProxyType({})) -> None:
        self.towns = dict(towns)
        self.held: dict[UUID, CachedLayer] = {}
        self.there: frozenset[str] = frozenset()  # the towns that had the module at the last look
        self.mistakes: tuple[JurisdictionMistake, ...] = ()

    async def look(self, host: Host) -> bool:
        """Read what changed since the last look; whether anything did."""
        self.towns = self.towns or dict(host.jurisdictions.by_code)
        rows = await TownLayer.select(TownLayer.id, TownLayer.connector, TownLayer.name, TownLayer.version).where(
            TownLayer.whole_at.is_not_null()
        )
        brought = {(each.name, layer) for each in host.plugins.connectors.values() for layer in each.layers}
        used = [row for row in rows if (row["connector"], row["name"]) in brought]
        gone = self.held.keys() - {row["id"] for row in used}
        stale = [row for row in used if row["id"] not in self.held or self.held[row["id"]].version != row["version"]]
        before, self.there = self.there, towns_with(host)
        if not stale and not gone and (self.there == before or not self.held):
            return False
        for id in gone:
            del self.held[id]
        for row in stale:
            await self._read(row)
        self._renew(host)
        return True

    async def _read(self, row: dict[str, Any]) -> None:
        id, name = row["id"], row["name"]
        before = self.held.get(id)
        since = before.version if before else -1
        changed = await FeatureRow.raw(CHANGED, id, since)
        away = await FeatureChange.raw(AWAY, id, since, id, since) if before else []

        def made() -> tuple[dict[str, StoredFeature], LayerKept]:
            things = dict(before.things) if before else {}
            for each in away:
                things.pop(each["key"], None)
            things |= {each["key"]: _kept(each) for each in changed}
            return things, kept_layer(name, things.values(), self.towns.values())

        things, layer = await asyncio.to_thread(made)
        self.held[id] = CachedLayer(
            connector=row["connector"], name=name, version=row["version"], things=things, made=layer
        )

    def _renew(self, host: Host) -> None:
        mistakes: list[JurisdictionMistake] = []
        for code, town in self.towns.items():
            layers = self._layers_of(host, town)
            fresh = renewed(town, layers)
            if fresh.zones != host.jurisdictions.by_code[code].zones:
                types = host.of(TypesInTowns)
                for key in [key for key in types if key[0] == code]:
                    del types[key]
            host.jurisdictions.by_code[code] = fresh
            if fresh.zones_layer in layers and fresh.zones:
                mistakes += (*_unknown_zones(host, fresh), *_zones_outside(fresh))
        self.mistakes = tuple(mistakes)
        for each in self.mistakes:
            log.warning("layers", mistake=each.line())

    def _layers_of(self, host: Host, town: Jurisdiction) -> dict[str, LayerKept]:
        """The layers of a town by name; of two of the same name, the one whose connector comes first."""
        layers: dict[str, LayerKept] = {}
        if not has(host, town):
            return layers
        for each in sorted(self.held.values(), key=lambda held: held.connector):
            connector, plugin = host.plugins.connectors[each.connector], host.plugins.connected_by(each.connector)
            serves = not connector.towns or town.code in connector.towns
            if serves and plugin is not None and town.allows_plugin(plugin.name):
                layers.setdefault(each.name, each.made)
        return layers


def _kept(row: dict[str, Any]) -> StoredFeature:
    values = dict(row)
    values["shape"], values["facts"] = bytes(values["shape"]), values["facts"].encode()
    return StoredFeature(**values)


def _zones_outside(town: Jurisdiction) -> list[JurisdictionMistake]:
    """Zones of the layer that lie, or reach, outside the boundary of the town."""
    file = f"{town.code}/jurisdiction.toml"
    return [
        JurisdictionMistake(file=file, key=f"zones_layer · {each.zone}", what=each.what, todo=each.todo)
        for each in outside(town.zones, town.boundary, town.plane)[:MOST_TOLD]
    ]


def _unknown_zones(host: Host, town: Jurisdiction) -> list[JurisdictionMistake]:
    """Zones that rules of the town name and that the layer does not have."""
    known = {zone.code for zone in town.zones}
    named = [("routes.toml", "rules", zone) for rule in town.routes for zone in rule.zones]
    named += zones_named(town, host.modules.registry)
    return [
        JurisdictionMistake(
            file=f"{town.code}/{file}",
            key=key,
            what=f"'{zone}' is no zone of the layer '{town.zones_layer}'",
            todo=f"name one of {', '.join(sorted(known)[:20])}",
        )
        for file, key, zone in dict.fromkeys(named)
        if zone not in known
    ]


async def look(host: Host) -> bool:
    """Read what changed in the layers since the last look of this process."""
    return await host.of(LayerRenewal).look(host)


def mistakes(host: Host) -> Iterable[JurisdictionMistake]:
    """What the layers show to be wrong in the files of the towns."""
    return host.of(LayerRenewal).mistakes


LAYERS_IN_USE = Reread(look=look, mistakes=mistakes)
