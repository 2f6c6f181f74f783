"""Absences lent roles from here on; their table is a module’s now."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID = "2026-11-26T11:31:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "absences lend roles"


async def forwards() -> MigrationManager:
    return MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
