"""To which distribution each name of a plugin belongs, and which one made a declaration."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text, Timestamptz, Varchar

from parvis.db.steps import add_columns, add_table

ID = "2026-11-29T08:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "owners of the names of plugins"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "PluginClaim",
        "plugin_claim",
        {
            "key": (Varchar, {"length": 200, "default": "", "primary_key": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "name": (Varchar, {"length": 100, "default": ""}),
            "plugin": (Varchar, {"length": 100, "default": ""}),
            "distribution": (Varchar, {"length": 200, "default": ""}),
            "version": (Varchar, {"length": 60, "default": ""}),
            "addresses": (Text, {"default": "[]"}),
            "since": (Timestamptz, {"default": None}),
            "decisions": (Text, {"default": "[]"}),
            "away_since": (Timestamptz, {"default": None, "null": True}),
        },
    )
    add_columns(manager, "Declaration", "declaration", {"distribution": (Varchar, {"length": 200, "default": ""})})
    return manager
