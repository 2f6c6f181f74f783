"""The table of information given, or the one that was there when it was part of the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import UUID, Integer, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-11-30T16:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "telephone"
INFORMED = NewTable(
    name="informed",
    class_name="InformationGiven",
    columns={
        "id": (UUID, {"default": None, "primary_key": True}),
        "jurisdiction": (Varchar, {"length": 60, "default": ""}),
        "type": (Varchar, {"length": 60, "default": ""}),
        "zone": (Varchar, {"length": 60, "default": ""}),
        "channel": (Varchar, {"length": 20, "default": ""}),
        "day": (Varchar, {"length": 10, "default": ""}),
        "given": (Integer, {"default": 0}),
    },
    indexes=("CREATE UNIQUE INDEX informed_key ON informed (jurisdiction, type, zone, channel, day)",),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_telephone", ID, DESCRIPTION, [INFORMED])
