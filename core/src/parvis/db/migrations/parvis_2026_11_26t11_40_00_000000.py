"""What is counted of a request stands on its row."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Timestamptz

from parvis.db.steps import add_columns

ID = "2026-11-26T11:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "delays, first answers and reopenings are kept with their request"

COLUMNS = {
    "took": (Integer, {"default": None, "null": True}),
    "allowed": (Integer, {"default": None, "null": True}),
    "first_answer_at": (Timestamptz, {"default": None, "null": True}),
    "answered_in": (Integer, {"default": None, "null": True}),
    "reopened": (Integer, {"default": None, "null": True}),
    "reopened_at": (Timestamptz, {"default": None, "null": True}),
}


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "ServiceRequest", "service_request", COLUMNS)
    return manager
