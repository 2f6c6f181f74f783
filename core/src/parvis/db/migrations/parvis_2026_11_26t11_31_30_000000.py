"""Whether whoever stands in has the roles of who is away."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean

from parvis.db.steps import add_columns

ID = "2026-11-26T11:31:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "absences lend roles"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "Absence", "absence", {"lends": (Boolean, {"default": False})})
    return manager
