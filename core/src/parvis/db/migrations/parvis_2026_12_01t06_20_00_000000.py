"""An address is found by its small letters, in an index of its own; a table is let go before another is asked for."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

ID = "2026-12-01T06:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "no index of addresses as they are written"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.alter_column(
        table_class_name="Contact",
        tablename="contact",
        column_name="email",
        db_column_name="email",
        params={"index": False},
        old_params={"index": True},
        column_class=Varchar,
        old_column_class=Varchar,
    )
    return manager
