"""Ready texts written at the desk, in versions, and their order."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T13:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "ready texts in versions, and their order"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "ReadyTextVersion",
        "ready_text",
        {
            "key": (Varchar, {"length": 200, "default": "", "primary_key": True}),
            "series": (Varchar, {"length": 180, "default": "", "index": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
            "owner": (Varchar, {"length": 60, "default": "", "index": True}),
            "code": (Varchar, {"length": 64, "default": ""}),
            "number": (Integer, {"default": 0}),
            "body": (Text, {"default": ""}),
            "retired": (Boolean, {"default": False}),
            "back_to": (Integer, {"default": 0}),
            "agent": (Varchar, {"length": 60, "default": ""}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    )
    columns = {
        "jurisdiction": (Varchar, {"length": 60, "default": "", "primary_key": True}),
        "codes": (Text, {"default": ""}),
    }
    add_table(manager, "ReadyTextOrder", "ready_text_order", columns)
    return manager
