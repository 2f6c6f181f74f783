"""Service levels in versions, and their draft."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T13:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "service levels in versions, and their draft"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "LevelSet",
        "level_set",
        {
            "key": (Varchar, {"length": 80, "default": "", "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
            "number": (Integer, {"default": 0}),
            "body": (Text, {"default": ""}),
            "word": (Varchar, {"length": 200, "default": ""}),
            "back_to": (Integer, {"default": 0}),
            "agent": (Varchar, {"length": 60, "default": ""}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    add_table(
        manager,
        "LevelDraft",
        "level_draft",
        {
            "jurisdiction": (Varchar, {"length": 60, "default": "", "primary_key": True}),
            "edition": (Integer, {"default": 1}),
            "body": (Text, {"default": ""}),
            "agent": (Varchar, {"length": 60, "default": ""}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "changed_at": (Timestamptz, {"default": None}),
        },
    )
    return manager
