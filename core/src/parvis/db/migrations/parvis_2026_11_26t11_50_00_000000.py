"""Clocks say why they have their allowance, and when they rested."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text

from parvis.db.steps import add_columns

ID = "2026-11-26T11:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "why a clock has its allowance, and when it rested"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "Clock", "clock", {"because": (Text, {"default": "{}"}), "rests": (Text, {"default": "[]"})})
    return manager
