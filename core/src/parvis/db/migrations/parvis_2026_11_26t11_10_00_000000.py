"""From whom a request is kept, and the zones over which a role is given."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Text

from parvis.db.steps import add_columns

ID = "2026-11-26T11:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "from whom a request is kept, and roles over zones"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "ServiceRequest", "service_request", {"kept_from": (Text, {"default": "[]"})})
    add_columns(manager, "Grant", "grant", {"zones": (Text, {"default": "[]"})})
    return manager
