"""A day to look at a request again is a module’s from here on; where it was, it stays."""

from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.steps import keep_on

ID = "2026-12-03T03:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a day to look at a request again is a module’s"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(partial(keep_on, "follow_up_dates"))
    return manager
