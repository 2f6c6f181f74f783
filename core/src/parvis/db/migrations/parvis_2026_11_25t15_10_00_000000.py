"""What everybody may search in, for requests that were there before; indexes for lists of a hundred thousand."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import ServiceRequest

ID = "2026-11-25T15:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "indexes for long lists"

BY_REFERENCE = """
UPDATE service_request SET public_text = lower(reference) || ' ' || lower(replace(reference, '-', '')) WHERE public"""

# The words of conditions and of the rank are those of the queries: only then are these indexes used.
OPEN = "phase <> 'closed'"
RANK = (
    "CASE WHEN promised_at IS NULL THEN 3 "
    "WHEN promise = 'running' OR (promise = 'missed' AND phase NOT IN ('decided', 'closed')) THEN 0 "
    "WHEN promise = 'paused' THEN 1 ELSE 2 END"
)
LISTS = {
    "due": f"(jurisdiction, ({RANK}), promised_at, id)",
    "owed": f"(jurisdiction, ({RANK}), promised_at, id, unit) WHERE {OPEN}",
    "open": f"(jurisdiction, unit, type, phase, state, promise, promised_at) WHERE {OPEN}",
    "newest": "(jurisdiction, submitted_at, id, type, unit, channel)",
    "updated": "(jurisdiction, updated_at, id)",
    "public": "(jurisdiction, submitted_at, id) WHERE public AND erased_at IS NULL",
    "closed": "(jurisdiction, closed_at, id, type, unit, submitted_at) WHERE closed_at IS NOT NULL",
    "near": f"(jurisdiction, lat, lon) WHERE {OPEN}",
    "assignee": "(assignee) WHERE assignee IS NOT NULL",
    "known_elsewhere": "(reference) WHERE length(external_references) > 2",
}
INDEXES = (
    *(f"CREATE INDEX service_request_{name} ON service_request {what}" for name, what in LISTS.items()),
    "CREATE UNIQUE INDEX entry_number ON entry (request, number)",
    "CREATE INDEX clock_running ON clock (due_at) WHERE state = 'running'",
    "CREATE INDEX contact_email_lower ON contact (lower(email))",
)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for statement in (BY_REFERENCE, *INDEXES):
            await ServiceRequest.raw(statement)

    manager.add_raw(create)
    return manager
