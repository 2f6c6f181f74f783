"""Small copies of pictures, and files that are held until they have been scanned."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Text, Timestamptz, Varchar
from piccolo.columns.indexes import IndexMethod

ID = "2026-11-25T17:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "small copies and scans of files"

PLAIN = {
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
    "small": (Varchar, {"length": 64, "default": "", "index": True}),
    "scan": (Varchar, {"length": 10, "default": ""}),
    "scan_due_at": (Timestamptz, {"default": None, "null": True, "index": True}),
    "scan_tries": (Integer, {"default": 0}),
    "scan_said": (Text, {"default": ""}),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    for name, (kind, params) in COLUMNS.items():
        manager.add_column(
            table_class_name="Attachment",
            tablename="attachment",
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params=PLAIN | params,
            schema=None,
        )
    return manager
