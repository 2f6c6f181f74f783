"""What goes between this house and other systems."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-25T23:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calls to other systems, polls of their news, and news that nobody could place"

async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "Exchange",
        "exchange",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "connector": (Varchar, {"length": 60, "default": ""}),
            "delivery": (UUID, {"default": None, "null": True, "index": True}),
            "purpose": (Varchar, {"length": 12, "default": ""}),
            "at": (Timestamptz, {"default": None}),
            "method": (Varchar, {"length": 10, "default": ""}),
            "url": (Text, {"default": ""}),
            "status": (Integer, {"default": 0}),
            "milliseconds": (Integer, {"default": 0}),
            "sent": (Text, {"default": ""}),
            "received": (Text, {"default": ""}),
            "trouble": (Text, {"default": ""}),
        },
    )
    add_table(
        manager,
        "Poll",
        "poll",
        {
            "connector": (Varchar, {"length": 60, "default": "", "primary_key": True}),
            "cursor": (Text, {"default": ""}),
            "due_at": (Timestamptz, {"default": None}),
            "polled_at": (Timestamptz, {"default": None, "null": True}),
            "news_at": (Timestamptz, {"default": None, "null": True}),
            "failures": (Integer, {"default": 0}),
            "trouble": (Text, {"default": ""}),
            "held_by": (Varchar, {"length": 60, "default": ""}),
            "held_until": (Timestamptz, {"default": None, "null": True}),
        },
    )
    add_table(
        manager,
        "Stray",
        "stray",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "connector": (Varchar, {"length": 60, "default": ""}),
            "key": (Varchar, {"length": 200, "default": ""}),
            "external_reference": (Varchar, {"length": 200, "default": ""}),
            "reason": (Varchar, {"length": 20, "default": ""}),
            "state": (Varchar, {"length": 10, "default": ""}),
            "body": (Text, {"default": ""}),
            "received_at": (Timestamptz, {"default": None}),
            "times": (Integer, {"default": 1}),
            "reference": (Varchar, {"length": 12, "default": ""}),
            "settled_at": (Timestamptz, {"default": None, "null": True}),
            "settled_by": (Varchar, {"length": 120, "default": ""}),
            "said": (Text, {"default": ""}),
        },
    )

    return manager
