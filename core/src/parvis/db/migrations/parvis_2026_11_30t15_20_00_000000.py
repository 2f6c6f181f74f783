"""What the files of a town announce is said by a module from here on; where the core said it, it is on.

No table of its own tells where that was: whatever took requests before modules had it.
"""

from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.steps import keep_on

ID = "2026-11-30T15:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "notices in files and schedules are a module’s"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(partial(keep_on, "advisories"))
    return manager
