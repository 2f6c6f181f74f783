"""The calendar of an agent (iCalendar, RFC 5545): promised dates of their requests, and the visits they make.

It goes to programs and clouds of others: it names services and numbers, never people or places.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from importlib import import_module
from urllib.parse import urlsplit

from icalendar import Calendar, Event
from msgspec import Struct

from parvis.i18n import say
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Person
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.lists.search import Filters, Row, whole_list
from parvis.requests.visibility import Viewer
from parvis.viewers import viewer_of
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text

MOST = 1000
ASKED_AGAIN = timedelta(hours=1)  # how often programs are told to look
TITLE = Text(fr="Parvis\u00a0: {town}", en="Parvis: {town}")
PROMISED = Text(fr="Date promise\u00a0: {service} ({reference})", en="Promised date: {service} ({reference})")
CONFIDENTIAL = Text(fr="Date promise\u00a0: {reference}", en="Promised date: {reference}")
CONFIDENTIAL_VISIT = Text(fr="Inspection\u00a0: {reference}", en="Inspection: {reference}")
VISIT = Text(fr="Inspection\u00a0: {title} ({reference})", en="Inspection: {title} ({reference})")


class Entry(Struct, frozen=True, kw_only=True):
    """One entry of a calendar: a whole day, or from one moment to another.

    `version` grows when it changes; `stamped_at` is when it was made or, where that is kept, changed: never when it is
    read, by which programs would hold everything for changed.
    """

    uid: str
    version: int
    stamped_at: datetime
    title: Text
    starts: datetime | date
    ends: datetime | date
    link: str


async def calendar_of(host: Host, town: Jurisdiction, person: Person) -> bytes:
    """All of it, with what the agent may see now."""
    viewer = viewer_of(person, host)
    filters = Filters(assignee=person.id, open=True)
    rows = await whole_list(host, viewer, town.code, filters, sort="due", most=MOST)
    entries = [
        promised(host, town, row, row.promised_at) for row in rows if row.promised_at and row.phase != Phase.DECIDED
    ]
    if host.modules.of(town).has("inspections"):
        entries += await visits_of(host, town, person, viewer)
    return written(TITLE.format(town=town.name), entries)


async def visits_of(host: Host, town: Jurisdiction, person: Person, viewer: Viewer) -> list[Entry]:
    """Loaded where the module of inspections is there."""
    found: list[Entry] = await import_module("parvis_feeds.planned_visits").visit_entries(host, town, person, viewer)
    return found


def promised(host: Host, town: Jurisdiction, row: Row, by: datetime) -> Entry:
    """The promised date of a request, as a whole day of the town."""
    day = local_day(town.calendar, by)
    words = CONFIDENTIAL if row.identity == "confidential" else PROMISED
    return Entry(
        uid=f"{row.reference}@{domain(host)}",
        version=row.version,
        stamped_at=row.updated_at,
        title=words.format(service=row.title, reference=row.reference),
        starts=day,
        ends=day + timedelta(days=1),
        link=f"{town_url(host, town)}/bureau/requete/{row.reference}",
    )


def domain(host: Host) -> str:
    return urlsplit(host.base_url).hostname or "parvis"


def written(title: Text, entries: Iterable[Entry]) -> bytes:
    """The file, in the language that is spoken."""
    calendar = Calendar()
    calendar.add("prodid", "-//Parvis//Parvis//FR")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", say(title))
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for each in entries:
        event = Event()
        event.add("uid", each.uid)
        event.add("sequence", each.version)
        event.add("dtstamp", each.stamped_at)
        event.add("dtstart", each.starts)
        event.add("dtend", each.ends)
        event.add("summary", say(each.title))
        event.add("url", each.link)
        event.add("description", each.link)
        event.add("transp", "OPAQUE" if isinstance(each.starts, datetime) else "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
