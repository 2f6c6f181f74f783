"""To whom a rule gave a request last; absences, which this step made too, are a module’s."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T11:31:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "absences, and turns of rules that name persons"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "RuleTurn",
        "rule_turn",
        {
            "key": (Varchar, {"length": 120, "default": "", "primary_key": True}),
            "last": (UUID, {"default": None, "null": True}),
        },
    )
    return manager
