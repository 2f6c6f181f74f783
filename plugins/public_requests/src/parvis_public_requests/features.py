"""Requests of the public list as GeoJSON: what the list tells of them, and nothing else."""

from collections.abc import Callable
from typing import Any

from parvis.requests.lists.search import Row


def feature_collection(rows: tuple[Row, ...], language: str, page_of: Callable[[str], str]) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946); requests without a point have no geometry."""
    return {"type": "FeatureCollection", "features": [feature(row, language, page_of) for row in rows]}


def feature(row: Row, language: str, page_of: Callable[[str], str]) -> dict[str, Any]:
    """One request. Its id stays; `changed_at` is when it last came into another state."""
    is_placed = row.lon is not None and row.lat is not None
    return {
        "type": "Feature",
        "id": row.reference,
        "geometry": {"type": "Point", "coordinates": [row.lon, row.lat]} if is_placed else None,
        "properties": {
            "reference": row.reference,
            "type": row.type,
            "title": row.title.to(language),
            "state": row.state,
            "state_title": row.state_title.to(language),
            "phase": str(row.phase),
            "address": row.address,
            "zone": row.zone,
            "submitted_at": row.submitted_at,
            "changed_at": row.state_since,
            "promised_at": row.promised_at,
            "url": page_of(row.reference),
        },
    }
