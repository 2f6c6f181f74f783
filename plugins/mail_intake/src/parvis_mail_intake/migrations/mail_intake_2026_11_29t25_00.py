"""The table of mail that came in, or the one that was there when mail was part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-29T25:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "mail that came in"
MAIL = NewTable(
    name="incoming_mail",
    class_name="IncomingMail",
    columns={
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


async def forwards() -> MigrationManager:
    return first_step("parvis_mail_intake", ID, DESCRIPTION, [MAIL])
