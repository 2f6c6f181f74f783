"""How far their tables were read: the cursor of a poll, and what it may meet again."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from parvis_crm_connector.client import Page, Row, moment_of
from parvis_crm_connector.mapping import CASES, CONTACTS

NOTES = "annotations"
KEYS = {CASES: "incidentid", NOTES: "annotationid", CONTACTS: "contactid"}
OVERLAP = timedelta(minutes=1)  # what was written at one moment may be seen after what was written later
FIRST = timedelta(hours=1)  # before the first poll
MOST_REMEMBERED = 2000


class Place(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one of their tables was read: up to when, and the page that comes next if one does."""

    at: datetime
    next: str = ""
    latest: datetime | None = None


def places_of(cursor: str) -> dict[str, Place]:
    """How far each table was read; nothing of a cursor that is none."""
    try:
        return msgspec.json.decode(cursor, type=dict[str, Place])
    except msgspec.MsgspecError:
        return {}


def next_place(place: Place, page: Page) -> Place:
    """Where the next page, or the next poll, begins."""
    times = [at for row in page.rows if (at := moment_of(row, "modifiedon")) is not None]
    latest = max([*times, *([place.latest] if place.latest else [])], default=None)
    if page.next:
        return Place(at=place.at, next=page.next, latest=latest)
    return Place(at=max(place.at, latest) if latest else place.at)


def still_seen(seen: dict[str, str], after: dict[str, Place]) -> dict[str, str]:
    """What the next poll may read again, of what was read."""
    kept = {}
    for name, at in seen.items():
        place, when = after.get(name.partition(":")[0]), moment_of({"at": at}, "at")
        if place is not None and (when is None or when >= place.at - OVERLAP - timedelta(seconds=1)):
            kept[name] = at
    return dict(list(kept.items())[-MOST_REMEMBERED:])


def name_of(records: str, row: Row) -> str:
    """One version of one of their records."""
    return f"{records}:{row.get(KEYS[records])}:{row.get('@odata.etag')}"
