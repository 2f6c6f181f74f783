"""What of a collection is asked for, in the words of OGC API Features; what cannot be read is refused with 400."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from parvis.api.calls import faulty
from parvis.i18n import language
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters
from parvis_feeds.asking import whole
from parvis_sdk.text import Text

USUAL, MOST = 100, 200
NAMES = ("limit", "bbox", "datetime", "type", "phase", "zone", "cursor", "f")
NUMBERS = re.compile(r"[-+]?[0-9]{1,4}(\.[0-9]{1,15})?")
BOX = Text(
    fr="«\u00a0bbox\u00a0» est ouest,sud,est,nord en degrés (longitude, latitude).",
    en="“bbox” is west,south,east,north in degrees (longitude, latitude).",
)
TIME = Text(
    fr="«\u00a0datetime\u00a0» est un moment comme 2026-11-25T14:00:00Z, ou deux séparés par une barre oblique, dont "
    "l’un peut être «\u00a0..\u00a0».",
    en="“datetime” is a time like 2026-11-25T14:00:00Z, or two with a slash between them, one of which may be “..”.",
)
OPEN_ENDS = ("", "..")


class FeatureQuery(Struct, frozen=True, kw_only=True):
    """The features that are wanted, how many at a time, and after which."""

    filters: Filters
    limit: int
    cursor: str


def feature_query(given: Mapping[str, str], *, public: bool) -> FeatureQuery:
    """Read the address; the places of a `public` collection are those that everybody is told."""
    box, conditions = _box(given.get("bbox"), public=public)
    since, until = _period(given.get("datetime"))
    filters = Filters(
        types=_listed(given.get("type", "")),
        phases=_listed(given.get("phase", "")),
        zones=_listed(given.get("zone", "")),
        since=since,
        until=until,
        box=box,
        conditions=conditions,
    )
    return FeatureQuery(
        filters=filters, limit=whole(given.get("limit", ""), "limit", USUAL, MOST), cursor=given.get("cursor", "")[:300]
    )


def _listed(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())[:50]


def _box(
    given: str | None, *, public: bool
) -> tuple[tuple[float, float, float, float] | None, tuple[ListCondition, ...]]:
    """A box, or a condition for one over the line where days begin; heights are left out."""
    if given is None:
        return None, ()
    parts = [each.strip() for each in given.split(",")]
    if len(parts) not in (4, 6) or not all(NUMBERS.fullmatch(each) for each in parts):
        raise _wrong("bbox", BOX)
    numbers = [float(each) for each in parts]
    west, south, east, north = (*numbers[:2], *numbers[len(numbers) // 2 :][:2])
    if not (abs(west) <= 180 and abs(east) <= 180 and -90 <= south <= north <= 90):
        raise _wrong("bbox", BOX)
    if west <= east:
        return (west, south, east, north), ()
    of = "public_" if public else ""
    sql = f"({of}lon >= {{}} OR {of}lon <= {{}}) AND {of}lat >= {{}} AND {of}lat <= {{}}"
    return None, (ListCondition(f"({sql})", (west, east, south, north)),)


def _period(given: str | None) -> tuple[datetime | None, datetime | None]:
    """From when until before when; both ends of what was asked belong to it, to the second."""
    if given is None:
        return None, None
    first, slash, last = given.partition("/")
    last = last if slash else first
    if first in OPEN_ENDS and last in OPEN_ENDS:
        raise _wrong("datetime", TIME)
    since = None if first in OPEN_ENDS else _moment(first)
    until = None if last in OPEN_ENDS else _moment(last)
    if since is not None and until is not None and until < since:
        raise _wrong("datetime", TIME)
    return since, None if until is None else until.replace(microsecond=0) + timedelta(seconds=1)


def _moment(given: str) -> datetime:
    try:
        at = msgspec.convert(given.replace(" ", "+"), datetime)  # a plus sign that was not encoded is a space
    except msgspec.ValidationError:
        raise _wrong("datetime", TIME) from None
    if at.tzinfo is None or not 1900 <= at.year <= 2200:
        raise _wrong("datetime", TIME)
    return at


def _wrong(name: str, words: Text) -> Exception:
    return faulty(name, "unreadable", words.to(language()), status=400)
