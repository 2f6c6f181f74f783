"""Mail that came in."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import add_table

ID = "2026-11-26T10:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mail that came in, what it was judged to be and what became of it"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "IncomingMail",
        "incoming_mail",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "key": (Varchar, {"length": 64, "default": "", "unique": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "sort": (Varchar, {"length": 12, "default": ""}),
            "why": (Varchar, {"length": 200, "default": ""}),
            "state": (Varchar, {"length": 10, "default": ""}),
            "received_at": (Timestamptz, {"default": None, "index": True}),
            "sender": (Varchar, {"length": 254, "default": ""}),
            "sender_name": (Varchar, {"length": 120, "default": ""}),
            "subject": (Varchar, {"length": 300, "default": ""}),
            "words": (Text, {"default": ""}),
            "folded": (Text, {"default": ""}),
            "left_out": (Text, {"default": "[]"}),
            "reference": (Varchar, {"length": 12, "default": "", "index": True}),
            "settled_at": (Timestamptz, {"default": None, "null": True}),
            "settled_by": (Varchar, {"length": 120, "default": ""}),
            "said": (Text, {"default": ""}),
        },
    )
    return manager
