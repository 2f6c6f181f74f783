"""The accounts at providers and the sign-ins that were begun, or those that were there when they were part of the core.

Where they were there, people came in by providers: the module is on, and no town loses it.
"""

from functools import partial

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Text, Timestamptz, Varchar

from parvis.db.statements import columns_there
from parvis.db.steps import NewTable, first_step, keep_on

ID = "2026-11-30T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "sign-in by identity providers"
TABLES = (
    NewTable(
        name="outside_account",
        class_name="OutsideAccount",
        columns={
            "key": (Varchar, {"length": 64, "default": "", "primary_key": True}),
            "agent": (UUID, {"default": None, "index": True}),
            "provider": (Varchar, {"length": 63, "default": ""}),
            "issuer": (Varchar, {"length": 300, "default": ""}),
            "subject": (Varchar, {"length": 255, "default": ""}),
            "made_at": (Timestamptz, {"default": None}),
            "used_at": (Timestamptz, {"default": None}),
        },
    ),
    NewTable(
        name="sign_in_begun",
        class_name="SignInBegun",
        columns={
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
    ),
)


async def forwards() -> MigrationManager:
    were_there = await columns_there("outside_account")
    afterwards = (partial(keep_on, "identity_providers", "outside_account"),) if were_there else ()
    return first_step("parvis_identity_providers", ID, DESCRIPTION, TABLES, *afterwards)
