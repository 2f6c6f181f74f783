"""The tables of what goes to and from other systems, or those that were there when it was part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Bytea, DoublePrecision, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T15:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "connectors"
EXCHANGE = NewTable(
    name="exchange",
    class_name="Exchange",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "connector": (Varchar, {"length": 60, "default": ""}),
        "delivery": (UUID, {"default": None, "null": True, "index": True}),
        "purpose": (Varchar, {"length": 12, "default": ""}),
        "at": (Timestamptz, {"default": None}),
        "method": (Varchar, {"length": 10, "default": ""}),
        "url": (Text, {"default": ""}),
        "status": (Integer, {"default": 0}),
        "milliseconds": (Integer, {"default": 0}),
        "sent": (Text, {"default": ""}),
        "received": (Text, {"default": ""}),
        "trouble": (Text, {"default": ""}),
    },
    indexes=(
        "CREATE INDEX exchange_of ON exchange (connector, id)",
        "CREATE INDEX exchange_at ON exchange (at)",
    ),
)
POLL = NewTable(
    name="poll",
    class_name="Poll",
    columns={
        "connector": (Varchar, {"length": 60, "default": "", "primary_key": True}),
        "cursor": (Text, {"default": ""}),
        "due_at": (Timestamptz, {"default": None}),
        "polled_at": (Timestamptz, {"default": None, "null": True}),
        "news_at": (Timestamptz, {"default": None, "null": True}),
        "failures": (Integer, {"default": 0}),
        "trouble": (Text, {"default": ""}),
        "held_by": (Varchar, {"length": 60, "default": ""}),
        "held_until": (Timestamptz, {"default": None, "null": True}),
    },
)
STRAY = NewTable(
    name="stray",
    class_name="UnmatchedUpdate",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "connector": (Varchar, {"length": 60, "default": ""}),
        "key": (Varchar, {"length": 200, "default": ""}),
        "external_reference": (Varchar, {"length": 200, "default": ""}),
        "reason": (Varchar, {"length": 20, "default": ""}),
        "state": (Varchar, {"length": 10, "default": ""}),
        "body": (Text, {"default": ""}),
        "received_at": (Timestamptz, {"default": None}),
        "times": (Integer, {"default": 1}),
        "reference": (Varchar, {"length": 12, "default": ""}),
        "settled_at": (Timestamptz, {"default": None, "null": True}),
        "settled_by": (Varchar, {"length": 120, "default": ""}),
        "said": (Text, {"default": ""}),
    },
    indexes=(
        "CREATE UNIQUE INDEX stray_key ON stray (connector, key)",
        "CREATE INDEX stray_state ON stray (state, connector, id)",
    ),
)
TOWN_LAYER = NewTable(
    name="town_layer",
    class_name="TownLayer",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "connector": (Varchar, {"length": 60, "default": ""}),
        "name": (Varchar, {"length": 60, "default": ""}),
        "version": (BigInt, {"default": 0}),
        "features": (Integer, {"default": 0}),
        "troubled": (Integer, {"default": 0}),
        "read_at": (Timestamptz, {"default": None, "null": True}),
        "whole_at": (Timestamptz, {"default": None, "null": True}),
        "changed_at": (Timestamptz, {"default": None, "null": True}),
    },
    indexes=("CREATE UNIQUE INDEX town_layer_name ON town_layer (connector, name)",),
)
FEATURE = NewTable(
    name="feature",
    class_name="Feature",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "layer": (UUID, {"default": None}),
        "key": (Varchar, {"length": 200, "default": ""}),
        "code": (Varchar, {"length": 200, "default": ""}),
        "name": (Text, {"default": ""}),
        "name_en": (Text, {"default": ""}),
        "kind": (Varchar, {"length": 20, "default": ""}),
        "shape": (Bytea, {"default": b""}),
        "lon": (DoublePrecision, {"default": None, "null": True}),
        "lat": (DoublePrecision, {"default": None, "null": True}),
        "west": (DoublePrecision, {"default": None, "null": True}),
        "south": (DoublePrecision, {"default": None, "null": True}),
        "east": (DoublePrecision, {"default": None, "null": True}),
        "north": (DoublePrecision, {"default": None, "null": True}),
        "facts": (Text, {"default": "{}"}),
        "digest": (Varchar, {"length": 32, "default": ""}),
        "version": (BigInt, {"default": 0}),
        "trouble": (Text, {"default": ""}),
    },
    indexes=(
        "CREATE UNIQUE INDEX feature_key ON feature (layer, key)",
        "CREATE INDEX feature_code ON feature (layer, code)",
        "CREATE INDEX feature_version ON feature (layer, version)",
        "CREATE INDEX feature_trouble ON feature (layer) WHERE trouble <> ''",
    ),
)
FEATURE_CHANGE = NewTable(
    name="feature_change",
    class_name="FeatureChange",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "layer": (UUID, {"default": None}),
        "key": (Varchar, {"length": 200, "default": ""}),
        "code": (Varchar, {"length": 200, "default": ""}),
        "what": (Varchar, {"length": 8, "default": ""}),
        "version": (BigInt, {"default": 0}),
        "at": (Timestamptz, {"default": None}),
    },
    indexes=(
        "CREATE INDEX feature_change_of ON feature_change (layer, version)",
        "CREATE INDEX feature_change_at ON feature_change (at)",
    ),
)
TABLES = (EXCHANGE, POLL, STRAY, TOWN_LAYER, FEATURE, FEATURE_CHANGE)


async def forwards() -> MigrationManager:
    return first_step("parvis_connectors", ID, DESCRIPTION, TABLES)
