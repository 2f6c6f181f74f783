"""Figures are counted from indexes that hold all that is asked of them.

They stand beside those that they replace, which the next step drops: dropping an index locks out even readers until its
step ends, and these take time to build.
"""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration

ID = "2026-12-01T06:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "figures counted from indexes alone"
WHOLE = {
    "closed": "jurisdiction, closed_at, id, type, unit, channel, zone, took, allowed, promise, undone, settled",
    "settled": "jurisdiction, settled_at, id, type, unit, channel, zone, settled",
    "reopened": "jurisdiction, reopened_at, id, type, unit, channel, zone, reopened, undone",
}
"""Each by the moment that it is ordered by; requests without that moment are not in it."""
WAITING = {"request_text_words": 256, "contact_words": 128}
"""Kilobytes that wait to be sorted into an index of words: a search reads them all, and by itself it would be 4 MB."""


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)
    manager.add_raw(_made_anew)
    return manager


async def _made_anew() -> None:
    if Migration._meta.db.engine_type == "postgres":
        for name, most in WAITING.items():
            await Migration.raw(f"ALTER INDEX IF EXISTS {name} SET (gin_pending_list_limit = {most})")
    for name, columns in WHOLE.items():
        await Migration.raw(
            f"CREATE INDEX service_request_{name}_whole ON service_request ({columns}) WHERE {name}_at IS NOT NULL"
        )
