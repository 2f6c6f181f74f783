"""The newest first, and how long each promise needed, are read from one index: they were the same rows twice.

It stands beside those that it replaces, which the next step drops. Where somebody had SQLite look at its tables, it
looks at the new one too: an index of which it alone knows nothing would seem to lead to a row or two.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

ID = "2026-12-01T23:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "one index of all requests by when they came"
WHOLE = (
    "CREATE INDEX service_request_newest_whole ON service_request (jurisdiction, submitted_at, id, type, unit, "
    "channel, zone, answered_in, days_promised, days_needed, promise)"
)
LOOKED_AT = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(_made)
    return manager


async def _made() -> None:
    await Migration.raw(WHOLE)
    if Migration._meta.db.engine_type == "sqlite" and await Migration.raw(LOOKED_AT):
        await Migration.raw("ANALYZE service_request_newest_whole")
