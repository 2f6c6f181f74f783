"""What everybody may search in, for requests that were there before; indexes for lists of a hundred thousand."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-25T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes for long lists"

BY_REFERENCE = """
UPDATE service_request SET public_text = lower(reference) || ' ' || lower(replace(reference, '-', '')) WHERE public"""

INDEXES = (
    "CREATE UNIQUE INDEX entry_number ON entry (request, number)",
    "CREATE INDEX service_request_known_elsewhere ON service_request (reference) WHERE length(external_references) > 2",
    "CREATE INDEX contact_email_lower ON contact (lower(email))",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in (BY_REFERENCE, *INDEXES):
            await ServiceRequest.raw(statement)

    manager.add_raw(create)
    return manager
