"""The table of contents that are on their way."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Varchar

from parvis.db.steps import NewTable, first_step

ID = "2026-12-01T08:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "contents on their way"
ON_THE_WAY = NewTable(
    name="file_moves_on_the_way",
    class_name="OnTheWay",
    columns={"digest": (Varchar, {"length": 64, "primary_key": True})},
)


async def forwards() -> MigrationManager:
    return first_step("parvis_file_moves", ID, DESCRIPTION, [ON_THE_WAY])
