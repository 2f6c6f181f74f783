"""An announcement says when everybody who was there had been told."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Timestamptz

from parvis.db.steps import add_columns

ID = "2026-11-26T13:51:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "what a killed process left of an announcement is told by the next one"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "IncidentWord", "incident_word", {"told_at": (Timestamptz, {"default": None, "null": True})})
    return manager
