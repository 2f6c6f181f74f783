"""Ties between requests."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_columns, add_table

ID = "2026-11-26T12:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what one request is to another"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Tie",
        "tie",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "one": (UUID, {"default": None, "index": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "other": (UUID, {"default": None, "index": True}),
            "moved": (Text, {"default": "[]"}),
            "since": (Timestamptz, {"default": None}),
        },
    )
    columns = {
        "merged_into": (UUID, {"default": None, "null": True}),
        "duplicates": (Integer, {"default": 0}),
    }
    add_columns(manager, "ServiceRequest", "service_request", columns)
    return manager
