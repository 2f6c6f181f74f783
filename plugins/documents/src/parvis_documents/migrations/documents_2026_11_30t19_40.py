"""An index over the digests of documents, by which a file that somebody sends is found."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

ID = "2026-11-30T19:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "digests of documents"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_documents", description=DESCRIPTION)
    manager.add_raw(_index)
    return manager


async def _index() -> None:
    await Migration.raw("CREATE INDEX document_digest ON document (digest)")
