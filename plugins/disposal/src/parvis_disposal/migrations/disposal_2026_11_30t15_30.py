"""The tables of lists to be destroyed and of erasures proposed, or those of when they were part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T15:30:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "lists to be destroyed and erasures proposed"
DESTRUCTION_LIST = NewTable(
    name="destruction_list",
    class_name="DestructionList",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "type": (Varchar, {"length": 60, "default": ""}),
        "days": (Integer, {"default": 0}),
        "outcome": (Varchar, {"length": 20, "default": ""}),
        "since": (Timestamptz, {"default": None}),
        "until": (Timestamptz, {"default": None}),
        "lines": (Integer, {"default": 0}),
        "listing": (Text, {"default": ""}),
        "mark": (Varchar, {"length": 64, "default": "", "index": True}),
        "approved_by": (Varchar, {"length": 60, "default": ""}),
        "approved_name": (Varchar, {"length": 120, "default": ""}),
        "approved_at": (Timestamptz, {"default": None}),
        "done_at": (Timestamptz, {"default": None, "null": True}),
        "destroyed": (Integer, {"default": 0}),
    },
)
ERASURE_PROPOSAL = NewTable(
    name="erasure_proposal",
    class_name="ErasureProposal",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "request": (UUID, {"default": None, "index": True}),
        "listed": (Text, {"default": "[]"}),
        "around": (Boolean, {"default": False}),
        "email": (Varchar, {"length": 254, "default": ""}),
        "proposed_by": (Varchar, {"length": 60, "default": ""}),
        "proposed_name": (Varchar, {"length": 120, "default": ""}),
        "proposed_at": (Timestamptz, {"default": None}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "decided_by": (Varchar, {"length": 60, "default": ""}),
        "decided_name": (Varchar, {"length": 120, "default": ""}),
        "decided_at": (Timestamptz, {"default": None, "null": True}),
    },
)


async def forwards() -> MigrationManager:
    return first_step("parvis_disposal", ID, DESCRIPTION, [DESTRUCTION_LIST, ERASURE_PROPOSAL])
