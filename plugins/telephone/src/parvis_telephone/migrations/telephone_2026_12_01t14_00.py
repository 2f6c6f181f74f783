"""Calls that a telephone system announces, and what callers wish."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "calls that are announced, and what callers wish"
CALL = NewTable(
    name="telephone_call",
    class_name="AnnouncedCall",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "agent": (Varchar, {"length": 60, "default": ""}),
        "number": (Varchar, {"length": 20, "default": ""}),
        "call": (Varchar, {"length": 120, "default": ""}),
        "recording": (Varchar, {"length": 300, "default": ""}),
        "at": (Timestamptz, {"default": None}),
        "request": (UUID, {"default": None, "null": True, "index": True}),
    },
    indexes=(
        "CREATE UNIQUE INDEX telephone_call_once ON telephone_call (jurisdiction, call)",
        "CREATE INDEX telephone_call_ringing ON telephone_call (agent, at) WHERE request IS NULL",
        "CREATE INDEX telephone_call_passed ON telephone_call (at) WHERE request IS NULL",
    ),
)
WISH = NewTable(
    name="telephone_wish",
    class_name="CallerWish",
    columns={
        "request": (UUID, {"default": None, "primary_key": True}),
        "hours": (Varchar, {"length": 200, "default": ""}),
        "large_print": (Boolean, {"default": False}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_telephone", ID, DESCRIPTION, [CALL, WISH])
