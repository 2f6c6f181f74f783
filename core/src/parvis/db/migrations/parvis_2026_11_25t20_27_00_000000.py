"""What is granted is renewed, suspended and handed over; what a decision demands has its own dates."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_columns, add_table

ID = "2026-11-25T20:27:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "renewals, obligations and handovers"

WHEN = (Timestamptz, {"default": None})
MAYBE = (Timestamptz, {"default": None, "null": True})
WAKING = (Timestamptz, {"default": None, "null": True, "index": True})
COUNT = (Integer, {"default": 0})


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(
        manager,
        "Validity",
        "validity",
        {
            "renewable_from": MAYBE,
            "renewable_until": MAYBE,
            "renewing_since": MAYBE,
            "renewals": COUNT,
            "suspended_until": MAYBE,
            "woken_at": MAYBE,
            "wake_at": WAKING,
        },
    )
    add_columns(manager, "ServiceRequest", "service_request", {"holder_since": MAYBE, "holders": COUNT})
    add_table(manager, "Obligation", "obligation", OBLIGATION)
    add_table(manager, "Handover", "handover", HANDOVER)
    return manager


OBLIGATION = {
    "id": (UUID, {"default": None, "primary_key": True}),
    "request": (UUID, {"default": None, "index": True}),
    "code": (Varchar, {"length": 60, "default": ""}),
    "demand": (Text, {"default": ""}),
    "proof": (Varchar, {"length": 60, "default": ""}),
    "state": (Varchar, {"length": 20, "default": ""}),
    "imposed_at": WHEN,
    "due_at": WAKING,
    "sent": COUNT,
    "woken_at": MAYBE,
    "wake_at": WAKING,
    "changed_at": WHEN,
}
HANDOVER = {
    "id": (UUID, {"default": None, "primary_key": True}),
    "request": (UUID, {"default": None, "index": True}),
    "state": (Varchar, {"length": 20, "default": ""}),
    "name": (Varchar, {"length": 120, "default": ""}),
    "email": (Varchar, {"length": 254, "default": "", "index": True}),
    "language": (Varchar, {"length": 5, "default": ""}),
    "words": (Text, {"default": ""}),
    "asked_at": WHEN,
    "ends_at": (Timestamptz, {"default": None, "index": True}),
    "changed_at": WHEN,
}
