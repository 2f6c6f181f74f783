"""How the layers of other systems stand, for operators: when read, how many things, what changed, what is wrong."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis.connectors.features import What
from parvis.db.layer_tables import Feature as FeatureRow
from parvis.db.layer_tables import FeatureChange, TownLayer
from parvis.requests.heart import Heart


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


async def layers(heart: Heart, connector: str = "") -> tuple[LayerStanding, ...]:
    """Every layer that was ever read, by connector and name, also those that no connector brings any more."""
    rows = await TownLayer.select().order_by(TownLayer.connector).order_by(TownLayer.name)
    return tuple(_standing(heart, row) for row in rows if connector in ("", row["connector"]))


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


def _standing(heart: Heart, row: dict[str, Any]) -> LayerStanding:
    connector = heart.house.connectors.get(row["connector"])
    brings = heart.house.connected_by(row["connector"])
    towns: tuple[str, ...] = ()
    if connector is not None and brings is not None and row["name"] in connector.layers:
        towns = tuple(
            code
            for code, town in heart.territory.jurisdictions.items()
            if (not connector.towns or code in connector.towns) and town.allows_plugin(brings.name)
        )
    values = {name: row[name] for name in LayerStanding.__struct_fields__ if name != "towns"}
    return LayerStanding(**values, towns=towns)
