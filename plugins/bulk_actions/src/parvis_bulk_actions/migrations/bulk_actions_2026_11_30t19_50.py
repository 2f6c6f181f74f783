"""The tables of batches, or those that were there when they were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T19:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "bulk actions"
BATCH = NewTable(
    name="batch",
    class_name="Batch",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "agent": (Varchar, {"length": 60, "default": ""}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "action": (Text, {"default": ""}),
        "undoes": (UUID, {"default": None, "null": True}),
        "made_at": (Timestamptz, {"default": None, "index": True}),
        "done_at": (Timestamptz, {"default": None, "null": True}),
    },
    indexes=("CREATE INDEX batch_open ON batch (made_at) WHERE done_at IS NULL",),
)
ITEM = NewTable(
    name="batch_item",
    class_name="BatchItem",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "batch": (UUID, {"default": None}),
        "request": (UUID, {"default": None, "index": True}),
        "reference": (Varchar, {"length": 12, "default": ""}),
        "number": (Integer, {"default": 0}),
        "expected": (Integer, {"default": 0}),
        "state": (Varchar, {"length": 10, "default": "waiting"}),
        "said": (Text, {"default": ""}),
        "version": (Integer, {"default": None, "null": True}),
    },
    indexes=("CREATE UNIQUE INDEX batch_item_once ON batch_item (batch, request)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_bulk_actions", ID, DESCRIPTION, [BATCH, ITEM])
