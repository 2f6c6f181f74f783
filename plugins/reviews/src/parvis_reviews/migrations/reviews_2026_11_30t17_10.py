"""How often it was pointed out that an opinion is slow, and the digest of the answers that it depends on."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.columns import Integer, Varchar

from parvis.db.steps import add_columns

ID = "2026-11-30T17:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "silence of opinions, and what they depend on"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis_reviews", description=DESCRIPTION)
    add_columns(
        manager,
        "ReviewTask",
        "review_task",
        {"escalated": (Integer, {"default": 0}), "rests_on": (Varchar, {"length": 64, "default": ""})},
    )
    return manager
