"""Sign-in by providers: accounts there, sign-ins that wait for an answer, the book of the doors."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.steps import add_columns, add_table

ID = "2026-11-26T12:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sign-in by providers"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_table(
        manager,
        "OutsideAccount",
        "outside_account",
        {
            "key": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "provider": (Varchar, {"length": 63, "default": ""}),
            "issuer": (Varchar, {"length": 300, "default": ""}),
            "subject": (Varchar, {"length": 255, "default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "used_at": (Timestamptz, {"default": None}),
        },
    )
    add_table(
        manager,
        "SignInBegun",
        "sign_in_begun",
        {
            "key": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "browser": (Varchar, {"length": 64, "default": ""}),
            "provider": (Varchar, {"length": 63, "default": ""}),
            "jurisdiction": (Varchar, {"length": 60, "default": ""}),
            "nonce": (Varchar, {"length": 64, "default": ""}),
            "verifier": (Varchar, {"length": 64, "default": ""}),
            "redirect": (Varchar, {"length": 300, "default": ""}),
            "onward": (Text, {"default": ""}),
            "ends_at": (Timestamptz, {"default": None, "index": True}),
        },
    )
    add_table(
        manager,
        "DoorEntry",
        "door_entry",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "at": (Timestamptz, {"default": None, "index": True}),
            "kind": (Varchar, {"length": 20, "default": ""}),
            "agent": (UUID, {"default": None, "null": True, "index": True}),
            "door": (Varchar, {"length": 63, "default": ""}),
            "about": (Text, {"default": ""}),
            "by": (UUID, {"default": None, "null": True}),
        },
    )
    add_columns(manager, "Grant", "grant", {"source": (Varchar, {"length": 63, "default": ""})})
    add_columns(
        manager,
        "Session",
        "session",
        {
            "door": (Varchar, {"length": 63, "default": ""}),
            "outside": (Varchar, {"length": 64, "default": ""}),
        },
    )
    return manager
