"""The postal address of who asked, for letters."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

from parvis.db.steps import add_columns

ID = "2026-11-26T13:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the postal address of who asked, for letters"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "Contact", "contact", {"postal_address": (Varchar, {"length": 400, "default": ""})})
    return manager
