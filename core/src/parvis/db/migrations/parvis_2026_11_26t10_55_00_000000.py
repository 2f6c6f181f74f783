"""Colleagues named in notes."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T10:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "who is named in a note, until they have seen it"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Mention",
        "mention",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "request": (UUID, {"default": None, "index": True}),
            "reference": (Varchar, {"length": 12, "default": ""}),
            "agent": (UUID, {"default": None, "index": True}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "entry": (Integer, {"default": 0}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    return manager
