"""The tables of sets that were made, and of restores."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, BigInt, Integer, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T04:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sets and restores"
BACKUPS_SET = NewTable(
    name="backups_set",
    class_name="BackupSet",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "made_at": (Timestamptz, {"default": None, "index": True}),
        "milliseconds": (Integer, {"default": 0}),
        "size": (BigInt, {"default": 0}),
        "requests": (Integer, {"default": 0}),
        "files": (Integer, {"default": 0}),
        "missing": (Integer, {"default": 0}),
    },
)
BACKUPS_RESTORE = NewTable(
    name="backups_restore",
    class_name="Restore",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "done_at": (Timestamptz, {"default": None}),
        "lines": (Integer, {"default": 0}),
        "destroyed": (Integer, {"default": 0}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "reason": (Varchar, {"length": 400, "default": ""}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_backups", ID, DESCRIPTION, [BACKUPS_SET, BACKUPS_RESTORE])
