from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns.column_types import Timestamptz
from piccolo.columns.column_types import UUID

ID = "2026-11-25T15:48:15:681153"
VERSION = "1.38.0"
DESCRIPTION = "single indexes that longer ones now serve for"


async def forwards():
    manager = MigrationManager(
        migration_id=ID, app_name="parvis", description=DESCRIPTION
    )

    manager.alter_column(
        table_class_name="ServiceRequest",
        tablename="service_request",
        column_name="updated_at",
        db_column_name="updated_at",
        params={"index": False},
        old_params={"index": True},
        column_class=Timestamptz,
        old_column_class=Timestamptz,
        schema=None,
    )

    manager.alter_column(
        table_class_name="Entry",
        tablename="entry",
        column_name="request",
        db_column_name="request",
        params={"index": False},
        old_params={"index": True},
        column_class=UUID,
        old_column_class=UUID,
        schema=None,
    )

    return manager
