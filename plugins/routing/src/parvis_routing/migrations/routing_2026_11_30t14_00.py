"""The tables of rules of routing, or those that were there when routing was part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T14:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "routing"
RULE_SET = NewTable(
    name="rule_set",
    class_name="RuleSet",
    columns={
        "key": (Varchar, {"length": 80, "default": "", "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": "", "index": True}),
        "number": (Integer, {"default": 0}),
        "body": (Text, {"default": ""}),
        "word": (Varchar, {"length": 200, "default": ""}),
        "back_to": (Integer, {"default": 0}),
        "agent": (Varchar, {"length": 60, "default": ""}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "at": (Timestamptz, {"default": None}),
    },
)
RULE_DRAFT = NewTable(
    name="rule_draft",
    class_name="RuleDraft",
    columns={
        "jurisdiction": (Varchar, {"length": 60, "default": "", "primary_key": True}),
        "edition": (Integer, {"default": 1}),
        "body": (Text, {"default": ""}),
        "agent": (Varchar, {"length": 60, "default": ""}),
        "by": (Varchar, {"length": 120, "default": ""}),
        "changed_at": (Timestamptz, {"default": None}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_routing", ID, DESCRIPTION, [RULE_SET, RULE_DRAFT])
