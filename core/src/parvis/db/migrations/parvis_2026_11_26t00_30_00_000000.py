"""What a request is to others, how pressing it is, when it is looked at again, and how long it took."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Timestamptz

from parvis.db.steps import add_columns

ID = "2026-11-26T00:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "requests have a priority, an incident, ties, a day to look again, and what figures count"

NONE = (UUID, {"default": None, "null": True})
NEVER = (Timestamptz, {"default": None, "null": True})


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    columns = {
        "priority": (Integer, {"default": 0}),
        "incident": NONE,
        "merged_into": NONE,
        "parent": NONE,
        "follow_up_at": NEVER,
        "took": (Integer, {"default": None, "null": True}),
        "first_answer_at": NEVER,
        "reopened": (Integer, {"default": 0}),
    }
    add_columns(manager, "ServiceRequest", "service_request", columns)
    return manager
