"""The town's layers that other systems bring."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Bytea, DoublePrecision, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T00:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "layers of the town that other systems bring, what they hold and what changed"

NOWHERE = (DoublePrecision, {"default": None, "null": True})
NEVER = (Timestamptz, {"default": None, "null": True})


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "TownLayer",
        "town_layer",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "connector": (Varchar, {"length": 60, "default": ""}),
            "name": (Varchar, {"length": 60, "default": ""}),
            "version": (BigInt, {"default": 0}),
            "features": (Integer, {"default": 0}),
            "troubled": (Integer, {"default": 0}),
            "read_at": NEVER,
            "whole_at": NEVER,
            "changed_at": NEVER,
        },
    )
    add_table(
        manager,
        "Feature",
        "feature",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "layer": (UUID, {"default": None}),
            "key": (Varchar, {"length": 200, "default": ""}),
            "code": (Varchar, {"length": 200, "default": ""}),
            "name": (Text, {"default": ""}),
            "name_en": (Text, {"default": ""}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "shape": (Bytea, {"default": b""}),
            "lon": NOWHERE,
            "lat": NOWHERE,
            "west": NOWHERE,
            "south": NOWHERE,
            "east": NOWHERE,
            "north": NOWHERE,
            "facts": (Text, {"default": "{}"}),
            "digest": (Varchar, {"length": 32, "default": ""}),
            "version": (BigInt, {"default": 0}),
            "trouble": (Text, {"default": ""}),
        },
    )
    add_table(
        manager,
        "FeatureChange",
        "feature_change",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "layer": (UUID, {"default": None}),
            "key": (Varchar, {"length": 200, "default": ""}),
            "code": (Varchar, {"length": 200, "default": ""}),
            "what": (Varchar, {"length": 8, "default": ""}),
            "version": (BigInt, {"default": 0}),
            "at": (Timestamptz, {"default": None}),
        },
    )

    return manager
