"""How often each ready text is used, by day."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T13:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "how often ready texts are used"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {
        "key": (Varchar, {"length": 200, "default": "", "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
        "code": (Varchar, {"length": 64, "default": ""}),
        "day": (Varchar, {"length": 10, "default": ""}),
        "times": (Integer, {"default": 0}),
    }
    add_table(manager, "ReadyTextUse", "ready_text_use", columns)
    return manager
