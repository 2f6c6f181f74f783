"""What narrows a list of requests, read from the address of a call; what cannot be read is refused, not ignored."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec
from litestar.exceptions import HTTPException

from parvis.api.calls import AnyRequest, Call, faulty, seen
from parvis.api.operations import SEVERAL, WORDS
from parvis.api.shapes import Moment
from parvis.i18n import gettext
from parvis.requests.contacts import contact_of
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters
from parvis.requests.offered import types_of
from parvis.requests.records import is_kept
from parvis.requests.visibility import sees_contact
from parvis_sdk.cleaning import clean
from parvis_sdk.requests import Phase

MOST_WORDS, MOST_METRES = 200, 20_000
USUALLY = 500


def filters_in(request: AnyRequest, call: Call) -> Filters:
    """The filters of `GET /requests` and of its GeoJSON."""
    given = {name: request.query_params.get(name, "") for name in NAMES}
    if given["unit"] and not (call.token and call.token.allows("requests:read")):
        words = gettext("Only a token with the scope `requests:read` may narrow a list by `unit`.")
        raise faulty("unit", "forbidden", words, status=403)
    return Filters(
        text=given["q"][:MOST_WORDS],
        types=listed(given["type"]),
        themes=listed(given["theme"]),
        states=listed(given["state"]),
        phases=listed(given["phase"]),
        zones=listed(given["zone"]),
        units=listed(given["unit"]),
        updated_since=moment("updated_since", given["updated_since"]),
        since=moment("since", given["since"]),
        until=moment("until", given["until"]),
        box=box_of(degrees(given["bbox"])) if given["bbox"] else None,
        near=near_of(degrees(given["near"]) if given["near"] else None, int(given["within"] or 0)),
    )


async def of_same_person(call: Call, reference: str) -> ListCondition:
    """The requests of the person who sent this one, by the email address or else the telephone number that they
    gave; what was sent in confidence is not found."""
    if not (call.token and call.token.allows("requests:read") and call.token.allows("contacts:read")):
        words = gettext("Only a token with the scope `contacts:read` may narrow a list by `person`.")
        raise faulty("person", "forbidden", words, status=403)
    with suppress(HTTPException):
        record, viewer = await seen(call, reference)
        contact = await contact_of(record) if sees_contact(viewer, record, call.host.jurisdictions) else None
        if contact and (contact.email or contact.phone) and record.identity != "confidential":
            column, value = ("lower(email)", contact.email.lower()) if contact.email else ("phone", contact.phone)
            theirs = f"id IN (SELECT request FROM contact WHERE {column} = {{}})"  # noqa: S608 - ours
            return ListCondition(f"identity <> 'confidential' AND {theirs}", (value,), leads=True)
    raise faulty("person", "not_offered", "no_such_value", value=clean(reference)[:60])


async def refuse_unknown(call: Call, filters: Filters, at: Callable[[str, int], str]) -> None:
    """Refuse a code that nothing is called by, today or in a request that is kept: it would find nothing, unsaid."""
    names = ("type", "theme", "state", "phase", "zone", "unit")
    if not any(getattr(filters, f"{name}s") for name in names):
        return
    types = types_of(call.host, call.town)
    known: dict[str, Iterable[str]] = {
        "type": [each.code for each in types],
        "theme": [each.theme.code for each in types],
        "state": [state.code for each in types for state in each.workflow.states],
        "phase": [*Phase],
        "zone": [each.code for each in (*call.town.zones, *call.town.former_zones)],
        "unit": call.town.units,
    }
    for name in names:
        for number, value in enumerate(getattr(filters, f"{name}s")):
            if value not in known[name] and not (name != "phase" and await is_kept(call.town.code, name, value)):
                raise faulty(at(name, number), "not_offered", "no_such_value", value=clean(value)[:60])


def listed(given: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in given.split(",") if part.strip())[:50]


def moment(name: str, given: str) -> datetime | None:
    if not given:
        return None
    with suppress(msgspec.ValidationError):
        # A plus sign that was not encoded arrives as a space.
        at = msgspec.convert(given.replace(" ", "+"), Moment)
        if 1900 <= at.year <= 2200:
            return at
    raise faulty(name, "unreadable", "not_moment")


def box_of(numbers: Sequence[float]) -> tuple[float, float, float, float]:
    """West, south, east, north, in degrees and in this order."""
    if len(numbers) != 4 or not (-180 <= numbers[0] < numbers[2] <= 180 and -90 <= numbers[1] < numbers[3] <= 90):
        raise faulty("bbox", "unreadable", gettext("`bbox` is west,south,east,north in degrees."))
    return (numbers[0], numbers[1], numbers[2], numbers[3])


def near_of(point: Sequence[float] | None, within: int | None) -> tuple[float, float, int] | None:
    """A point with the metres around it, where one is given."""
    if point is None:
        if within:
            raise faulty("within", "without_near", gettext("`within` is a distance from `near`, which is missing."))
        return None
    if len(point) != 2 or not (abs(point[0]) <= 180 and abs(point[1]) <= 90):
        raise faulty("near", "unreadable", gettext("`near` is lon,lat in degrees."))
    return (point[0], point[1], within or USUALLY)


def degrees(given: str) -> tuple[float, ...]:
    """Numbers with commas between them; none where one cannot be read."""
    try:
        return tuple(float(part) for part in given.split(","))
    except ValueError:
        return ()


NARROWING: dict[str, Any] = {
    **dict.fromkeys(("type", "theme", "state", "phase", "zone"), SEVERAL),
    "q": WORDS,
    "since": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time"},
    "bbox": WORDS,
    "near": WORDS,
    # no default: a generated client would send it alone
    "within": {"type": "integer", "minimum": 1, "maximum": MOST_METRES},
}
NAMES = (*NARROWING, "unit", "updated_since")
