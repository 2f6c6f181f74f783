"""Photos and QR codes to begin with are a module’s from here on; where they were, they stay."""

from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.steps import keep_on

ID = "2026-12-02T18:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "photos and codes on the spot are a module’s"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(partial(keep_on, "on_the_spot"))
    return manager
