"""Which modules a town has on: every decision, with who made it and why."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-29T20:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "modules are switched on for each town"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "ModuleSwitch",
        "module_switch",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "module": (Varchar, {"length": 40, "default": ""}),
            "state": (Varchar, {"length": 10, "default": ""}),
            "by": (Varchar, {"length": 254, "default": ""}),
            "why": (Text, {"default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    return manager
