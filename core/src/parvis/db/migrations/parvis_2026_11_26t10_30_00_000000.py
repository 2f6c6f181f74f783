"""Where words are found: texts of personal answers, and those of notes and messages."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text

from parvis.db.steps import add_columns, add_table

ID = "2026-11-26T10:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "texts of personal answers, of notes and of messages to search in"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(manager, "ServiceRequest", "service_request", {"personal_text": (Text, {"default": ""})})
    said = {"id": (UUID, {"default": None, "primary_key": True}), "request": (UUID, {"default": None, "index": True})}
    add_table(manager, "Said", "said", said | {"text": (Text, {"default": ""})})
    return manager
