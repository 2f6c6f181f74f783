"""Announcements that are still being told are found at once; those from before had told everybody."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.incident_tables import IncidentWord

ID = "2026-11-26T13:51:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "announcements that are still being told"


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def told() -> None:
        await IncidentWord.raw("UPDATE incident_word SET told_at = at")
        await IncidentWord.raw("CREATE INDEX incident_word_telling ON incident_word (at) WHERE told_at IS NULL")

    manager.add_raw(told)
    return manager
