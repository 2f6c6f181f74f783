"""The tables of what was granted, or those that were there when grants were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T13:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "grants"
VALIDITY = NewTable(
    name="validity",
    class_name="Validity",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "since": (Timestamptz, {"default": None}),
        "until": (Timestamptz, {"default": None, "null": True, "index": True}),
        "changed_at": (Timestamptz, {"default": None}),
        "renewable_from": (Timestamptz, {"default": None, "null": True}),
        "renewable_until": (Timestamptz, {"default": None, "null": True}),
        "renewing_since": (Timestamptz, {"default": None, "null": True}),
        "renewals": (Integer, {"default": 0}),
        "suspended_until": (Timestamptz, {"default": None, "null": True}),
        "woken_at": (Timestamptz, {"default": None, "null": True}),
        "wake_at": (Timestamptz, {"default": None, "null": True, "index": True}),
    },
)
OBLIGATION = NewTable(
    name="obligation",
    class_name="Obligation",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "demand": (Text, {"default": ""}),
        "proof": (Varchar, {"length": 60, "default": ""}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "imposed_at": (Timestamptz, {"default": None}),
        "due_at": (Timestamptz, {"default": None, "null": True, "index": True}),
        "sent": (Integer, {"default": 0}),
        "woken_at": (Timestamptz, {"default": None, "null": True}),
        "wake_at": (Timestamptz, {"default": None, "null": True, "index": True}),
        "changed_at": (Timestamptz, {"default": None}),
    },
)
HANDOVER = NewTable(
    name="handover",
    class_name="Handover",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "code": (Varchar, {"length": 60, "default": ""}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "name": (Varchar, {"length": 120, "default": ""}),
        "email": (Varchar, {"length": 254, "default": "", "index": True}),
        "language": (Varchar, {"length": 5, "default": ""}),
        "words": (Text, {"default": ""}),
        "asked_at": (Timestamptz, {"default": None}),
        "ends_at": (Timestamptz, {"default": None, "index": True}),
        "changed_at": (Timestamptz, {"default": None}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_grants", ID, DESCRIPTION, [VALIDITY, OBLIGATION, HANDOVER])
