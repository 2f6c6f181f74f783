"""When requests of other systems came in and ended there, by which they are counted."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import Timestamptz

from parvis.db.steps import FirstStep, add_columns

ID = "2026-12-02T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "dates of requests of other systems"
FILL = """
UPDATE migration_origin SET
submitted_at = (SELECT r.submitted_at FROM service_request r WHERE r.id = migration_origin.request),
closed_at = (SELECT r.closed_at FROM service_request r
WHERE r.id = migration_origin.request AND r.version = migration_origin.version)"""


async def forwards() -> MigrationManager:
    step = FirstStep(migration_id=ID, app_name="parvis_migration", description=DESCRIPTION, afterwards=(_fill,))
    moment = Timestamptz, {"default": None, "null": True, "index": True}
    add_columns(step, "MigrationOrigin", "migration_origin", {"submitted_at": moment, "closed_at": moment})
    return step


async def _fill() -> None:
    await Migration.raw(FILL)
