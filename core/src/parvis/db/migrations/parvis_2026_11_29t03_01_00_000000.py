"""A telling is found by the delivery or the call that carries it, and those of one word by what became of them."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-29T03:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "tellings of an announcement by what carries them"

STATEMENTS = (
    "CREATE INDEX incident_told_carrier ON incident_told (carrier) WHERE carrier IS NOT NULL",
    "CREATE INDEX incident_told_under_way ON incident_told (word, id) WHERE state = 'on_its_way'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def index() -> None:
        for statement in STATEMENTS:
            await ServiceRequest.raw(statement)

    manager.add_raw(index)
    return manager
