"""The promised date as an event that calendars take in (RFC 5545); taken in again, it replaces the one before."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from litestar import Request, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct

from parvis.i18n import gettext, local_day, say, speaking
from parvis.requests.clocks.clocks import clocks_of, shown_of
from parvis.requests.parties import link_of
from parvis.requests.records import Record
from parvis.web.addresses import patterns
from parvis.web.portal.visit import AtPortal, Visit
from parvis.web.track.keys import TrackedRequest, held_or_redirect
from parvis_sdk.requests import Phase

AnyRequest = Request[Any, Any, Any]
MOST_OCTETS = 75
ENDED = (Phase.DECIDED, Phase.CLOSED)


class Event(Struct, frozen=True, kw_only=True):
    """What the calendar shows. `uid` stays, `version` grows; a whole day, or a moment where `at` is given."""

    uid: str
    version: int
    changed_at: datetime
    day: str
    at: datetime | None
    until: datetime | None = None
    title: str
    words: str
    link: str
    is_over: bool


@get(patterns(":track", "{reference:str}", ":calendar"), name="calendar")
async def calendar(here: AtPortal, request: AnyRequest, reference: FromPath[str]) -> Response[str]:
    found = await held_or_redirect(here, reference, "see")
    event = await event_of(here, found)
    if event is None:
        raise NotFoundException("Nothing is promised for this request.")
    headers = {
        "content-disposition": f'attachment; filename="{found.record.reference}.ics"',
        "cache-control": "private, no-store",
    }
    return Response(written(event), media_type="text/calendar", headers=headers)


async def event_of(here: Visit, found: TrackedRequest) -> Event | None:
    """The promise of a request as an event; of a confidential matter it names the number alone."""
    record = found.record
    if record.promised_at is None:
        return None
    shown = shown_of(await clocks_of(record.id))
    by_the_hour = shown is not None and not shown.allowance.business_days
    with speaking(here.language, here.town.time_zone):
        return Event(
            uid=f"{record.reference}@{urlsplit(here.host.base_url).hostname}",
            version=record.version,
            changed_at=record.updated_at,
            day=local_day(record.promised_at).strftime("%Y%m%d"),
            at=record.promised_at if by_the_hour else None,
            title=title_of(found, record),
            words=gettext("%(town)s promised an answer by this date. Request %(reference)s.")
            % {"town": say(here.town.name), "reference": record.reference},
            link=link_of(here.host, here.town, record, found.viewer, here.language),
            is_over=record.phase in ENDED,
        )


def title_of(found: TrackedRequest, record: Record) -> str:
    if record.identity == "confidential":
        return gettext("Request %(reference)s: promised answer") % {"reference": record.reference}
    return gettext("%(service)s: promised answer (%(reference)s)") % {
        "service": say(found.request_type.title),
        "reference": record.reference,
    }


def written(event: Event) -> str:
    """The event as a file; its lines end and fold as the standard wants."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Parvis//Parvis//FR",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.version}",
        f"DTSTAMP:{moment(event.changed_at)}",
        f"LAST-MODIFIED:{moment(event.changed_at)}",
        *times(event),
        f"SUMMARY:{escaped(event.title)}",
        f"DESCRIPTION:{escaped(f'{event.words}{chr(10)}{event.link}')}",
        f"URL:{event.link}",
        f"STATUS:{'CANCELLED' if event.is_over else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def times(event: Event) -> tuple[str, ...]:
    if event.at is not None and event.until is not None:
        return (f"DTSTART:{moment(event.at)}", f"DTEND:{moment(event.until)}")
    if event.at is not None:
        return (f"DTSTART:{moment(event.at)}", "DURATION:PT15M")
    after = datetime.strptime(event.day, "%Y%m%d").replace(tzinfo=UTC) + timedelta(days=1)
    return (f"DTSTART;VALUE=DATE:{event.day}", f"DTEND;VALUE=DATE:{after:%Y%m%d}")


def moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, f"\\{sign}")
    return words.replace("\r\n", "\n").replace("\n", "\\n").replace("\r", " ")


def folded(line: str) -> str:
    """No line longer than 75 octets, and no character cut in two."""
    parts, octets = [""], 0
    for sign in line:
        size = len(sign.encode())
        if octets + size > MOST_OCTETS:
            parts.append("")
            octets = 1  # of the space that a line going on begins with
        parts[-1] += sign
        octets += size
    return "\r\n ".join(parts)
