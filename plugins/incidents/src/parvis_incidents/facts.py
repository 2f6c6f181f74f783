"""What is held against the rules of incidents: where something lies in a town, and what was said."""

from datetime import datetime

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.places import locate
from parvis_incidents.matching import Facts


def facts_of(
    town: Jurisdiction, type: str, submitted_at: datetime, lon: float | None, lat: float | None, text: str
) -> Facts:
    """What is held against the rules of incidents."""
    zones = locate(town, lon, lat).zone_codes if lon is not None and lat is not None else ()
    return Facts(type=type, submitted_at=submitted_at, zones=zones, lon=lon, lat=lat, text=text)
