"""Further keys of drafts, for the addresses that their links were mailed to."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-25T19:55:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "drafts found again by the address their link was mailed to"

PLAIN = {
    "default": "",
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}
COLUMNS = {
    "token_digest": {"length": 64, "primary_key": True},
    "draft": {"length": 64, "index": True},
    "email": {"length": 254, "index": True},
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_table(class_name="DraftKey", tablename="draft_key", schema=None, columns=None)
    for name, params in COLUMNS.items():
        manager.add_column(
            table_class_name="DraftKey",
            tablename="draft_key",
            column_name=name,
            db_column_name=name,
            column_class_name="Varchar",
            column_class=Varchar,
            params=PLAIN | params,
            schema=None,
        )
    return manager
