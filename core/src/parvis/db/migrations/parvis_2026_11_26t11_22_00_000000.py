"""Notices from the desk."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T11:22:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "notices from the desk, beside those in files"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "DeskNotice",
        "desk_notice",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "lifts": (Varchar, {"length": 60, "default": ""}),
            "body": (Text, {"default": ""}),
            "while_open": (UUID, {"default": None, "null": True}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "ended_at": (Timestamptz, {"default": None, "null": True, "index": True}),
        },
    )
    return manager
