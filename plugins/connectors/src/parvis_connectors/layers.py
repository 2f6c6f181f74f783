"""Layers of other systems: compared with what is kept, written with the cursor, and how each one stands."""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
import shapely
from msgspec import Struct
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from parvis import clock
from parvis.db import Engine, held, insert_values, transaction
from parvis.identifiers import new_id
from parvis.jurisdictions.shapes import TURNED, broken, mended, turned
from parvis.requests.host import Host
from parvis_connectors.tables import Feature as FeatureRow
from parvis_connectors.tables import FeatureChange, TownLayer
from parvis_sdk.connectors import Feature, Gone, News

LONGEST = 200
TOGETHER = 500  # keys in one statement
INSERTED = 200  # rows in one statement
CHANGES_KEPT = timedelta(days=30)
SWEPT_AT_ONCE = 1000
WORLD = (-180.0, -90.0, 180.0, 90.0)
What = Literal["added", "changed", "gone"]
Thing = TypeVar("Thing")


class LayerUpdate(Struct, frozen=True, kw_only=True):
    """What one page of news changes in one layer; `changes` are key, code and what became of it."""

    layer: str
    rows: tuple[dict[str, Any], ...] = ()
    changes: tuple[tuple[str, str, What], ...] = ()
    ends: bool = False


async def prepare(connector: str, news: News) -> tuple[LayerUpdate, ...]:
    """Compare the features of a page of news with what is kept; writes nothing."""
    ends = {each.layer: each.keys for each in news.whole}
    named = dict.fromkeys([*(each.layer for each in news.features), *ends])
    prepared = []
    for name in named:
        layer = await _layer(connector, name)
        came = {_key(each.key): each for each in news.features if each.layer == name}
        known = await _kept(layer["id"], came) if layer else {}
        rows, changes = await asyncio.to_thread(_compare, came, known)
        if name in ends and layer:
            changes += await _lost(layer["id"], ends[name], came)
        prepared.append(LayerUpdate(layer=name, rows=tuple(rows), changes=tuple(changes), ends=name in ends))
    return tuple(prepared)


async def keep(engine: Engine, connector: str, prepared: Iterable[LayerUpdate]) -> None:
    """Inside a transaction: write what changed, and how it changed unless the layer is read for the first time."""
    for each in prepared:
        await _keep(engine, connector, each)


async def sweep(engine: Engine) -> int:
    """Drop what is told of changes long ago."""
    old, dropped = FeatureChange.at < clock.now() - CHANGES_KEPT, 0
    while rows := await FeatureChange.select(FeatureChange.id).where(old).limit(SWEPT_AT_ONCE):
        async with transaction(engine):
            await FeatureChange.delete().where(FeatureChange.id.is_in([row["id"] for row in rows]))
        dropped += len(rows)
    return dropped


def batched(things: Iterable[Thing], many: int = TOGETHER) -> Iterator[list[Thing]]:
    """As many at a time as one statement takes."""
    every = list(things)
    return (every[start : start + many] for start in range(0, len(every), many))


async def _layer(connector: str, name: str) -> dict[str, Any] | None:
    return await TownLayer.select().where((TownLayer.connector == connector) & (TownLayer.name == name)).first()


async def _kept(layer: UUID, keys: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Digest and code of what is kept under these keys."""
    found: dict[str, tuple[str, str]] = {}
    for some in batched(keys):
        rows = await FeatureRow.select(FeatureRow.key, FeatureRow.digest, FeatureRow.code).where(
            (FeatureRow.layer == layer) & FeatureRow.key.is_in(some)
        )
        found |= {row["key"]: (row["digest"], row["code"]) for row in rows}
    return found


async def _lost(layer: UUID, there: frozenset[str], came: Mapping[str, Any]) -> list[tuple[str, str, What]]:
    """What is kept of a layer and not there any more."""
    rows = await FeatureRow.select(FeatureRow.key, FeatureRow.code).where(FeatureRow.layer == layer)

    def lost() -> list[tuple[str, str, What]]:
        known = {_key(key) for key in there} | came.keys()
        return [(row["key"], row["code"], "gone") for row in rows if row["key"] not in known]

    return await asyncio.to_thread(lost)


def _compare(
    came: Mapping[str, Feature | Gone], known: Mapping[str, tuple[str, str]]
) -> tuple[list[dict[str, Any]], list[tuple[str, str, What]]]:
    rows: list[dict[str, Any]] = []
    changes: list[tuple[str, str, What]] = []
    for key, each in came.items():
        before, code = known.get(key, ("", ""))
        if isinstance(each, Gone):
            if before:
                changes.append((key, code, "gone"))
            continue
        digest = _digest(each)
        if digest != before:
            row = _row(key, each, digest)
            rows.append(row)
            changes.append((key, row["code"], "changed" if before else "added"))
    return rows, changes


def _digest(feature: Feature) -> str:
    return hashlib.blake2b(msgspec.json.encode(feature, order="deterministic"), digest_size=16).hexdigest()


def _row(key: str, feature: Feature, digest: str) -> dict[str, Any]:
    """The columns of a thing but for those that only the unit knows."""
    geometry, trouble = _geometry(feature)
    row: dict[str, Any] = {
        "key": key,
        "code": _plain(feature.code or key)[:LONGEST],
        "name": _plain(feature.name.fr),
        "name_en": _plain(feature.name.en),
        "facts": _plain(msgspec.json.encode(feature.facts).decode()),
        "digest": digest,
        "trouble": trouble[:LONGEST],
    }
    if geometry is None:
        nowhere = dict.fromkeys(("lon", "lat", "west", "south", "east", "north"))
        return row | {"kind": "", "shape": b""} | nowhere
    west, south, east, north = geometry.bounds
    point = shapely.point_on_surface(geometry)
    there = {
        "lon": shapely.get_x(point),
        "lat": shapely.get_y(point),
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }
    return row | {"kind": geometry.geom_type, "shape": shapely.to_wkb(geometry)} | there


def _geometry(feature: Feature) -> tuple[BaseGeometry | None, str]:
    """What can be used of a geometry, and what is wrong with it."""
    if feature.geometry is None:
        return None, feature.trouble or "it has no place"
    try:
        geometry = shapely.force_2d(shape(feature.geometry))
        if geometry.is_empty:
            return None, feature.trouble or "it has no place"
        west, south, east, north = geometry.bounds
        if not (west >= WORLD[0] and south >= WORLD[1] and east <= WORLD[2] and north <= WORLD[3]):
            return None, "it has coordinates that are not degrees"
        if where := turned(geometry):
            return None, f"it {TURNED}: {where}"
        if geometry.is_valid:
            return geometry, feature.trouble
        usable = mended(geometry)
    except (ShapelyError, AttributeError, TypeError, ValueError, KeyError, IndexError) as error:
        return None, f"it has no geometry that can be read: {error}"
    if usable.is_empty:
        return None, f"it {broken(geometry)}, and encloses nothing"
    return usable, feature.trouble or f"it {broken(geometry)}: mended"


async def _keep(engine: Engine, connector: str, prepared: LayerUpdate) -> None:
    now = clock.now()
    fresh = TownLayer(id=new_id(), connector=connector, name=prepared.layer)
    await TownLayer.insert(fresh).on_conflict(target=(TownLayer.connector, TownLayer.name), action="DO NOTHING")
    mine = (TownLayer.connector == connector) & (TownLayer.name == prepared.layer)
    [layer] = await held(TownLayer.select().where(mine), engine)
    changed: dict[Any, Any] = {TownLayer.read_at: now}
    if prepared.changes:
        version = layer["version"] + 1
        changed |= {TownLayer.version: version, TownLayer.changed_at: now}
        await _write(layer, prepared, version)
        counted = await FeatureRow.raw(COUNTED, layer["id"])
        changed |= {TownLayer.features: counted[0]["features"], TownLayer.troubled: counted[0]["troubled"]}
    if prepared.ends:
        changed[TownLayer.whole_at] = now
        if layer["whole_at"] is None and not prepared.changes:
            changed[TownLayer.version] = layer["version"] + 1
    await TownLayer.update(changed).where(TownLayer.id == layer["id"])


COUNTED = """
SELECT count(*) AS features, count(CASE WHEN trouble <> '' THEN 1 END) AS troubled FROM feature WHERE layer = {}"""


async def _write(layer: Mapping[str, Any], prepared: LayerUpdate, version: int) -> None:
    id = layer["id"]
    for some in batched(key for key, _, what in prepared.changes if what != "added"):
        await FeatureRow.delete().where((FeatureRow.layer == id) & FeatureRow.key.is_in(some))
    for rows in batched(prepared.rows, INSERTED):
        await insert_values(FeatureRow, *({"id": new_id(), "layer": id, "version": version, **row} for row in rows))
        await FeatureRow.raw("SELECT 1")  # writes them now, so that pages of the same process are answered in between
    told: Sequence[tuple[str, str, What]] = prepared.changes if layer["whole_at"] is not None else ()
    now = clock.now()
    await insert_values(
        FeatureChange,
        *(
            {"id": new_id(), "layer": id, "key": key, "code": code, "what": what, "version": version, "at": now}
            for key, code, what in told
        ),
    )


def _key(key: str) -> str:
    plain = _plain(key)
    return plain if len(plain) <= LONGEST else hashlib.blake2b(plain.encode(), digest_size=32).hexdigest()


def _plain(words: str) -> str:
    """Without what PostgreSQL takes for no text."""
    return words.replace("\x00", "").encode("utf-8", "replace").decode()


class LayerStanding(Struct, frozen=True, kw_only=True):
    """One layer today. `whole_at` is when a listing of it last came to its end; `towns` are those that it serves,
    none where no connector brings it any more."""

    id: UUID
    connector: str
    name: str
    features: int
    troubled: int
    read_at: datetime | None
    whole_at: datetime | None
    changed_at: datetime | None
    towns: tuple[str, ...]


class LayerChange(Struct, frozen=True, kw_only=True):
    """What became of one thing of a layer."""

    id: UUID
    key: str
    code: str
    what: What
    at: datetime


class LayerTrouble(Struct, frozen=True, kw_only=True):
    """What is wrong with one thing of a layer, or with a code."""

    code: str
    what: str


async def layers(host: Host, connector: str = "") -> tuple[LayerStanding, ...]:
    """Every layer that was ever read, by connector and name, also those that no connector brings any more."""
    rows = await TownLayer.select().order_by(TownLayer.connector).order_by(TownLayer.name)
    return tuple(_standing(host, row) for row in rows if connector in ("", row["connector"]))


async def changes_of(layer: UUID, *, before: UUID | None = None, limit: int = 50) -> tuple[LayerChange, ...]:
    """What changed in a layer, newest first."""
    chosen = FeatureChange.layer == layer
    if before is not None:
        chosen = chosen & (FeatureChange.id < before)  # type: ignore[assignment]
    rows = await FeatureChange.select().where(chosen).order_by(FeatureChange.id, ascending=False).limit(limit)
    return tuple(LayerChange(**{name: row[name] for name in LayerChange.__struct_fields__}) for row in rows)


async def troubles_of(layer: UUID, *, limit: int = 50) -> tuple[LayerTrouble, ...]:
    """Things that are left out or were mended, and codes that several things have."""
    wrong = (FeatureRow.layer == layer) & (FeatureRow.trouble != "")
    rows = (
        await FeatureRow.select(FeatureRow.code, FeatureRow.trouble).where(wrong).order_by(FeatureRow.code).limit(limit)
    )
    alike = await FeatureRow.raw(ALIKE, layer, limit)
    return (
        *(LayerTrouble(code=row["code"], what=row["trouble"]) for row in rows),
        *(LayerTrouble(code=row["code"], what=f"{row['many']} things have this code") for row in alike),
    )


ALIKE = """
SELECT code, count(*) AS many FROM feature WHERE layer = {} GROUP BY code HAVING count(*) > 1 ORDER BY code LIMIT {}"""


def _standing(host: Host, row: dict[str, Any]) -> LayerStanding:
    connector = host.plugins.connectors.get(row["connector"])
    brings = host.plugins.connected_by(row["connector"])
    towns: tuple[str, ...] = ()
    if connector is not None and brings is not None and row["name"] in connector.layers:
        towns = tuple(
            code
            for code, town in host.jurisdictions.by_code.items()
            if (not connector.towns or code in connector.towns) and town.allows_plugin(brings.name)
        )
    values = {name: row[name] for name in LayerStanding.__struct_fields__ if name != "towns"}
    return LayerStanding(**values, towns=towns)
