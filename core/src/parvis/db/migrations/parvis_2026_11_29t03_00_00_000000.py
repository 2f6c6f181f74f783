"""The ledger of announcements: what became of each telling; how soon something is to be told.

Who was told before this step stands in the ledger without a state: it was not known then what became of it.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Timestamptz, Varchar

from parvis.db.steps import add_columns

ID = "2026-11-29T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the ledger of announcements, and urgency"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    urgency = {"urgency": (Varchar, {"length": 10, "default": None, "null": True})}
    add_columns(manager, "OwedContact", "owed_contact", urgency)
    word = {"reach": (Varchar, {"length": 10, "default": None, "null": True})}
    add_columns(manager, "IncidentWord", "incident_word", urgency | word)
    told = {
        "follower": (UUID, {"default": None, "null": True}),
        "carrier": (UUID, {"default": None, "null": True}),
        "state": (Varchar, {"length": 10, "default": None, "null": True}),
        "state_at": (Timestamptz, {"default": None, "null": True}),
        "repeated": (Integer, {"default": None, "null": True}),
    }
    add_columns(manager, "IncidentTold", "incident_told", told)
    return manager
