"""What was trusted when a process last spoke of its clock: by that, and not by its own word, it is heard of lately."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz

from parvis.db.steps import add_columns

ID = "2026-11-29T13:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "readings of the clock know what was trusted"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {"trusted_at": (Timestamptz, {"default": None, "null": True})}
    add_columns(manager, "ClockReading", "clock_reading", columns)
    return manager
