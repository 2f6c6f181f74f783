"""A request stands in an incident once, an address is told of an announcement once; incidents by their type."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Delivery

ID = "2026-11-26T11:21:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "a request stands in an incident once, an address is told of an announcement once"

INDEXES = (
    "CREATE UNIQUE INDEX incident_request_once ON incident_request (incident, request)",
    "CREATE UNIQUE INDEX incident_told_once ON incident_told (word, address)",
    "CREATE INDEX service_request_incidents ON service_request (jurisdiction, id) WHERE type = 'incident'",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for index in INDEXES:
            await Delivery.raw(index)

    manager.add_raw(create)
    return manager
