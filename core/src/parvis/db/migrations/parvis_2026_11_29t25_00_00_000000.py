"""Who reads the settings `correspondence`: no longer the host itself, but the module that fetches mail.

Names of plugins belong to distributions; without this one, nobody would read the mailbox that the settings name.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.people_tables import Agent

ID = "2026-11-29T25:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the name correspondence goes to the module of mail"
GIVEN = """
UPDATE plugin_claim SET distribution = 'parvis-mail-intake'
WHERE key = 'plugins/correspondence' AND distribution = 'parvis'"""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def give() -> None:
        await Agent.raw(GIVEN)

    manager.add_raw(give)
    return manager
