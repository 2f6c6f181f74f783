"""The table of sessions, or the one that was there when a resident’s own space was part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T16:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sessions of a resident’s own space"
OWN_KEY = NewTable(
    name="own_key",
    class_name="OwnKey",
    columns={
        "token_digest": (Varchar, {"length": 64, "default": "", "primary_key": True}),
        "kind": (Varchar, {"length": 10, "default": ""}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "email": (Varchar, {"length": 254, "default": ""}),
        "language": (Varchar, {"length": 5, "default": ""}),
        "made_at": (Timestamptz, {"default": None}),
        "seen_at": (Timestamptz, {"default": None}),
        "ends_at": (Timestamptz, {"default": None, "index": True}),
        "device": (Varchar, {"length": 200, "default": ""}),
        "request": (UUID, {"default": None, "null": True}),
    },
    indexes=("CREATE INDEX own_key_of ON own_key (jurisdiction, email)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_my_requests", ID, DESCRIPTION, [OWN_KEY])
