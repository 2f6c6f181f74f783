"""Indexes that others have replaced are not kept: nothing is made here, so readers are kept away for a moment only."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

ID = "2026-12-01T06:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "no indexes that others have replaced"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(_dropped)
    return manager


async def _dropped() -> None:
    for name in ("closed", "settled", "reopened"):
        await Migration.raw(f"DROP INDEX IF EXISTS service_request_{name}")
