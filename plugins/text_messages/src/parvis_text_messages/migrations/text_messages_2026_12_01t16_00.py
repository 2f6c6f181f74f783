"""The tables of text messages that come in, of numbers that want none, and of what became of those that went out."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T16:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "text messages both ways"
INCOMING = NewTable(
    name="text_messages_incoming",
    class_name="IncomingText",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "key": (Varchar, {"length": 64, "default": "", "unique": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "sort": (Varchar, {"length": 12, "default": ""}),
        "why": (Varchar, {"length": 200, "default": ""}),
        "state": (Varchar, {"length": 10, "default": ""}),
        "received_at": (Timestamptz, {"default": None, "index": True}),
        "sender_key": (Varchar, {"length": 64, "default": "", "index": True}),
        "sender": (Varchar, {"length": 20, "default": ""}),
        "words": (Text, {"default": ""}),
        "media": (Text, {"default": "[]"}),
        "left_out": (Text, {"default": "[]"}),
        "part_group": (Varchar, {"length": 64, "default": "", "index": True}),
        "part_number": (Integer, {"default": 0}),
        "part_of": (Integer, {"default": 0}),
        "candidates": (Text, {"default": "[]"}),
        "reference": (Varchar, {"length": 12, "default": "", "index": True}),
        "settled_at": (Timestamptz, {"default": None, "null": True}),
        "settled_by": (Varchar, {"length": 120, "default": ""}),
        "said": (Text, {"default": ""}),
    },
    indexes=(
        "CREATE INDEX text_messages_incoming_waits ON text_messages_incoming (jurisdiction, state, id) "
        "WHERE state IN ('arrived', 'open', 'aside')",
    ),
)
STOPPED = NewTable(
    name="text_messages_stopped",
    class_name="StoppedNumber",
    columns={
        "number": (Varchar, {"length": 20, "default": "", "primary_key": True}),
        "at": (Timestamptz, {"default": None}),
    },
)
STATUS = NewTable(
    name="text_messages_status",
    class_name="TextStatus",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "gateway_id": (Varchar, {"length": 100, "default": "", "unique": True}),
        "delivery": (UUID, {"default": None, "null": True, "index": True}),
        "status": (Varchar, {"length": 12, "default": ""}),
        "reason": (Varchar, {"length": 300, "default": ""}),
        "at": (Timestamptz, {"default": None, "index": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_text_messages", ID, DESCRIPTION, [INCOMING, STOPPED, STATUS])
