"""The search of addresses is a module’s from here on: on in every town of a database that had it from the core."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

from parvis import clock
from parvis.identifiers import new_id

ID = "2026-11-30T15:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "address search is a module"
BEFORE = "2026-11-25T13:08:08:126018"  # the first of the steps that were taken before modules
USED = "SELECT id FROM service_request LIMIT 1"
LAST = "SELECT MAX(number) AS last FROM module_switch"
SAID = """
INSERT INTO module_switch (id, number, jurisdiction, module, state, "by", why, at)
VALUES ({}, {}, '*', 'address_search', 'on', 'migration', 'part of the core until then', {})"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(_keep_on)
    return manager


async def _keep_on() -> None:
    if BEFORE in await Migration.get_migrations_which_ran("parvis") or await Migration.raw(USED):
        [row] = await Migration.raw(LAST)
        await Migration.raw(SAID, new_id(), (row["last"] or 0) + 1, clock.now())
