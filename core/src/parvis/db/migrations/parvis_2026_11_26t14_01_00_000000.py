"""A look knows for which units its person worked: whoever is looked at may ask from where."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

from parvis.db.steps import add_columns

ID = "2026-11-26T14:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the units of whoever looked at a request"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "Looked", "looked", {"units": (Varchar, {"length": 200, "default": ""})})
    return manager
