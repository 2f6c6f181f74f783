"""How often in a row a turn of a chore of a plugin ended its worker, so that it rests."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Text, Timestamptz, Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T03:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "chores of plugins that rest"
DEATH = NewTable(
    name="chore_death",
    class_name="ChoreDeath",
    columns={
        "name": (Varchar, {"length": 60, "default": "", "primary_key": True}),
        "version": (Varchar, {"length": 60, "default": ""}),
        "deaths": (Integer, {"default": 0}),
        "at": (Timestamptz, {"null": True, "default": None}),
        "said": (Text, {"default": ""}),
    },
    indexes=(),
)


async def forwards() -> MigrationManager:
    return first_step("parvis_connectors", ID, DESCRIPTION, [DEATH])
