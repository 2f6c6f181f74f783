"""What modules leave behind, as data: how to erase, archive and call what they wrote, when their code is gone."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-29T27:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "plans of modules"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {
        "module": (Varchar, {"length": 40, "default": "", "primary_key": True}),
        "plan": (Text, {"default": ""}),
        "at": (Timestamptz, {"default": None}),
    }
    add_table(manager, "ModulePlan", "module_plan", columns)
    return manager
