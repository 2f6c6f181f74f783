"""Themes belong to distributions as types do: a claim keeps the words in which its owner declared it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text

from parvis.db.steps import add_columns

ID = "2026-11-29T10:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "claims keep the words of a theme"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "PluginClaim", "plugin_claim", {"declared": (Text, {"default": None, "null": True})})
    return manager
