"""What absences delegated until now. Their table is a module’s from here on, and stays as it is."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.statements import columns_there
from parvis.db.people_tables import Agent

ID = "2026-11-29T21:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "delegations of the absences that are there"
COPIED = "id, agent, deputy, starts_at, ends_at, lends"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def copy() -> None:
        if await columns_there("absence"):
            await Agent.raw(f"INSERT INTO delegation ({COPIED}) SELECT {COPIED} FROM absence")

    manager.add_raw(copy)
    return manager
