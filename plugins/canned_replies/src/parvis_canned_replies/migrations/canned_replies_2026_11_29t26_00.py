"""The tables of ready texts, or those that were there when ready texts were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-29T26:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "ready texts"
TABLES = (
    NewTable(
        name="ready_text",
        class_name="ReadyTextVersion",
        columns={
            "key": (Varchar, {"length": 200, "default": "", "primary_key": True}),
            "series": (Varchar, {"length": 180, "default": "", "index": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
            "owner": (Varchar, {"length": 60, "default": "", "index": True}),
            "code": (Varchar, {"length": 64, "default": ""}),
            "number": (Integer, {"default": 0}),
            "body": (Text, {"default": ""}),
            "retired": (Boolean, {"default": False}),
            "back_to": (Integer, {"default": 0}),
            "agent": (Varchar, {"length": 60, "default": ""}),
            "by": (Varchar, {"length": 120, "default": ""}),
            "at": (Timestamptz, {"default": None}),
        },
    ),
    NewTable(
        name="ready_text_order",
        class_name="ReadyTextOrder",
        columns={
            "jurisdiction": (Varchar, {"length": 60, "default": "", "primary_key": True}),
            "codes": (Text, {"default": ""}),
        },
    ),
    NewTable(
        name="ready_text_use",
        class_name="ReadyTextUse",
        columns={
            "key": (Varchar, {"length": 200, "default": "", "primary_key": True}),
            "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
            "code": (Varchar, {"length": 64, "default": ""}),
            "day": (Varchar, {"length": 10, "default": ""}),
            "times": (Integer, {"default": 0}),
        },
    ),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_canned_replies", ID, DESCRIPTION, TABLES)
