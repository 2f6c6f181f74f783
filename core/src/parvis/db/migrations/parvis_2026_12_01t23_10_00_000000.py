"""Two indexes that another has replaced are not kept, nor the one of callers' words: who calls is found by `request_text`."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

ID = "2026-12-01T23:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "no indexes that nothing reads"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(_dropped)
    return manager


async def _dropped() -> None:
    for name in ("service_request_newest", "service_request_in_days", "contact_words"):
        await Migration.raw(f"DROP INDEX IF EXISTS {name}")
