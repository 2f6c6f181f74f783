"""The tables of granted scopes and of proposals."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Boolean, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T19:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "granted scopes and proposals of plugins"
SCOPE_GRANT = NewTable(
    name="proposals_grant",
    class_name="ScopeGrant",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "subscription": (Varchar, {"length": 120, "default": ""}),
        "mark": (Varchar, {"length": 64, "default": ""}),
        "granted": (Boolean, {"default": False}),
        "by": (Varchar, {"length": 60, "default": ""}),
        "by_name": (Varchar, {"length": 120, "default": ""}),
        "at": (Timestamptz, {"default": None}),
        "reason": (Text, {"default": ""}),
    },
    indexes=("CREATE INDEX proposals_grant_of ON proposals_grant (jurisdiction, subscription, at)",),
)
PLUGIN_PROPOSAL = NewTable(
    name="proposals_proposal",
    class_name="PluginProposal",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "mark": (Varchar, {"length": 64, "default": ""}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "subscription": (Varchar, {"length": 120, "default": ""}),
        "plugin": (Varchar, {"length": 60, "default": ""}),
        "request": (UUID, {"default": None, "index": True}),
        "origin": (UUID, {"default": None, "index": True}),
        "proposal": (Text, {"default": "{}"}),
        "state": (Varchar, {"length": 20, "default": ""}),
        "proposed_at": (Timestamptz, {"default": None}),
        "decided_by": (Varchar, {"length": 60, "default": ""}),
        "decided_name": (Varchar, {"length": 120, "default": ""}),
        "decided_at": (Timestamptz, {"default": None, "null": True}),
    },
    indexes=("CREATE UNIQUE INDEX proposals_proposal_once ON proposals_proposal (mark)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_proposals", ID, DESCRIPTION, [SCOPE_GRANT, PLUGIN_PROPOSAL])
