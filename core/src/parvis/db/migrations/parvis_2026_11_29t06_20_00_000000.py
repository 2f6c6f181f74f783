"""Conflicts of interest are declared ahead."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, DoublePrecision, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-29T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "conflicts of interest declared ahead"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "DeclaredInterest",
        "declared_interest",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "name": (Varchar, {"length": 120, "default": ""}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "words": (Varchar, {"length": 200, "default": ""}),
            "lon": (DoublePrecision, {"default": None, "null": True}),
            "lat": (DoublePrecision, {"default": None, "null": True}),
            "reason": (Text, {"default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "ended_at": (Timestamptz, {"default": None, "null": True}),
            "ended_by": (Varchar, {"length": 120, "default": ""}),
            "swept_to": (UUID, {"default": None, "null": True}),
            "swept_at": (Timestamptz, {"default": None, "null": True}),
        },
    )
    return manager
