"""Public pages tell only what the address base knows or somebody of the town has read; anybody can report a page."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Text, Timestamptz, Varchar

from parvis.db.steps import add_columns, add_table

ID = "2026-11-29T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "verified public addresses, published words, hidden and reported pages"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    add_columns(
        manager,
        "ServiceRequest",
        "service_request",
        {
            "public_address": (Varchar, {"length": 200, "default": None, "null": True}),
            "words_published": (Varchar, {"length": 64, "default": ""}),
            "words_wait": (Boolean, {"default": False}),
            "hidden_at": (Timestamptz, {"default": None, "null": True}),
        },
    )
    add_table(
        manager,
        "PageReport",
        "page_report",
        {
            "id": (UUID, {"default": None, "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
            "page": (Varchar, {"length": 300, "default": ""}),
            "request": (UUID, {"default": None, "null": True, "index": True}),
            "why": (Varchar, {"length": 20, "default": ""}),
            "words": (Text, {"default": ""}),
            "language": (Varchar, {"length": 5, "default": "fr"}),
            "made_at": (Timestamptz, {"default": None}),
            "settled": (Varchar, {"length": 10, "default": ""}),
            "settled_at": (Timestamptz, {"default": None, "null": True}),
            "settled_by": (Varchar, {"length": 120, "default": ""}),
            "settled_why": (Text, {"default": ""}),
        },
    )
    return manager
