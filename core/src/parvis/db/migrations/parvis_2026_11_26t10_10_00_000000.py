"""What is done to many requests at once, item by item."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T10:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "batches of changes and what became of each request"

KEY = (UUID, {"default": None, "primary_key": True})
ONE = (UUID, {"default": None})
NONE = (UUID, {"default": None, "null": True})
AT = (Timestamptz, {"default": None})


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    batch = {
        "id": KEY,
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "agent": (Varchar, {"length": 60, "default": ""}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "action": (Text, {"default": ""}),
        "undoes": NONE,
        "made_at": (Timestamptz, {"default": None, "index": True}),
        "done_at": (Timestamptz, {"default": None, "null": True}),
    }
    item = {
        "id": KEY,
        "batch": ONE,
        "request": (UUID, {"default": None, "index": True}),
        "reference": (Varchar, {"length": 12, "default": ""}),
        "number": (Integer, {"default": 0}),
        "expected": (Integer, {"default": 0}),
        "state": (Varchar, {"length": 10, "default": "waiting"}),
        "said": (Text, {"default": ""}),
        "version": (Integer, {"default": None, "null": True}),
    }
    add_table(manager, "Batch", "batch", batch)
    add_table(manager, "BatchItem", "batch_item", item)
    return manager
