"""Other systems are read and shown by a module from here on; where the core did it, it stays on."""

from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.steps import keep_on

ID = "2026-11-30T15:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "connectors are a module’s"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(partial(keep_on, "connectors", "exchange"))
    return manager
