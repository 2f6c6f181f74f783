"""Where requests that were there before are for everybody; indexes for the public map and for people's own pages."""

import math
from typing import Any

import msgspec
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from parvis.db.tables import Declaration, ServiceRequest

ID = "2026-11-25T16:43:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "places on the public map"

EXACT = """
UPDATE service_request SET public_lon = lon, public_lat = lat, public_zone = zone
WHERE public AND erased_at IS NULL AND declaration = {}"""
ROUNDED = "UPDATE service_request SET public_lon = {}, public_lat = {} WHERE id = {}"
WITH_PLACE = "SELECT id, lon, lat FROM service_request WHERE public AND lon IS NOT NULL AND declaration = {}"
SEEN = "public AND erased_at IS NULL"
INDEXES = (
    f"CREATE INDEX service_request_mapped ON service_request "
    f"(jurisdiction, public_lat, public_lon, type, phase, submitted_at, reference) WHERE {SEEN}",
    f"CREATE INDEX service_request_public_types ON service_request (jurisdiction, type, submitted_at, id) WHERE {SEEN}",
    f"CREATE INDEX service_request_public_phases ON service_request "
    f"(jurisdiction, phase, submitted_at, id) WHERE {SEEN}",
    f"CREATE INDEX service_request_public_zones ON service_request "
    f"(jurisdiction, public_zone, submitted_at, id) WHERE {SEEN}",
    "CREATE INDEX follower_email_lower ON follower (lower(email))",
    "CREATE UNIQUE INDEX wish_of ON wish (jurisdiction, email)",
    "CREATE INDEX own_key_of ON own_key (jurisdiction, email)",
)


def rounded(lon: float, lat: float, metres: int) -> tuple[float, float]:
    step = metres / 111_320.0
    middle = round(lat / step) * step
    wide = step / max(0.1, math.cos(math.radians(middle)))
    return round(round(lon / wide) * wide, 5), round(middle, 5)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="parvis", description=DESCRIPTION)

    async def create() -> None:
        for row in await Declaration.select(Declaration.digest, Declaration.body):
            body: dict[str, Any] = msgspec.json.decode(row["body"])
            metres = body.get("place", {}).get("precision")
            if not metres:
                await ServiceRequest.raw(EXACT, row["digest"])
                continue
            for each in await ServiceRequest.raw(WITH_PLACE, row["digest"]):
                await ServiceRequest.raw(ROUNDED, *rounded(each["lon"], each["lat"], metres), each["id"])
        for statement in INDEXES:
            await ServiceRequest.raw(statement)

    manager.add_raw(create)
    return manager
