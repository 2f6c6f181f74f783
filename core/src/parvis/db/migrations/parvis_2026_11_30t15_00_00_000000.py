"""The search of addresses is a module’s from here on: on in every town of a database that had it from the core."""

from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.steps import keep_on

ID = "2026-11-30T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "address search is a module"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(partial(keep_on, "address_search"))
    return manager
