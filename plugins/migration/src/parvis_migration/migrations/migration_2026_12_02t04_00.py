"""The tables of batches that were brought in, and of old numbers."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-02T04:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests of other systems"
BATCH = NewTable(
    name="migration_batch",
    class_name="MigrationBatch",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "name": (Varchar, {"length": 80, "default": ""}),
        "source": (Varchar, {"length": 60, "default": ""}),
        "file": (Varchar, {"length": 200, "default": ""}),
        "digest": (Varchar, {"length": 64, "default": ""}),
        "mapping": (Text, {"default": ""}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "begun_at": (Timestamptz, {"default": None}),
        "ended_at": (Timestamptz, {"default": None, "null": True}),
        "requests": (Integer, {"default": 0}),
        "seen_at": (Timestamptz, {"default": None, "null": True}),
        "seen_by": (Varchar, {"length": 120, "default": ""}),
        "undone_at": (Timestamptz, {"default": None, "null": True}),
        "undone_by": (Varchar, {"length": 120, "default": ""}),
    },
    indexes=("CREATE UNIQUE INDEX migration_batch_name ON migration_batch (jurisdiction, name)",),
)
ORIGIN = NewTable(
    name="migration_origin",
    class_name="MigrationOrigin",
    columns={
        "key": (Varchar, {"length": 64, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "batch": (UUID, {"default": None, "index": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "source": (Varchar, {"length": 60, "default": ""}),
        "number": (Varchar, {"length": 100, "default": ""}),
        "sought": (Varchar, {"length": 100, "default": ""}),
        "fingerprint": (Varchar, {"length": 64, "default": ""}),
        "version": (Integer, {"default": 0}),
    },
    indexes=("CREATE INDEX migration_origin_sought ON migration_origin (jurisdiction, sought)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_migration", ID, DESCRIPTION, [BATCH, ORIGIN])
