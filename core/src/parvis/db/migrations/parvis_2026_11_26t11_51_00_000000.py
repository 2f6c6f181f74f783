"""Clocks know when their next step is due, and whom each step is told to is kept."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Timestamptz, Varchar

from parvis.db.steps import add_columns, add_table

ID = "2026-11-26T11:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the steps of a clock, and whom they are told to"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(
        manager,
        "Clock",
        "clock",
        {"step": (Integer, {"default": 0}), "next_at": (Timestamptz, {"default": None, "null": True})},
    )
    add_table(
        manager,
        "Alarm",
        "alarm",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "key": (Varchar, {"length": 64, "default": "", "unique": True}),
            "request": (UUID, {"default": None, "index": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "code": (Varchar, {"length": 60, "default": ""}),
            "step": (Integer, {"default": 0}),
            "due_at": (Timestamptz, {"default": None}),
            "at": (Timestamptz, {"default": None}),
            "told_at": (Timestamptz, {"default": None, "null": True}),
        },
    )
    return manager
