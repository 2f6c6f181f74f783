"""The visits that an agent makes, as entries of their calendar."""

from datetime import timedelta
from uuid import UUID

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Person
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.visibility import Viewer, scope_of
from parvis_feeds.agent_calendar import CONFIDENTIAL_VISIT, VISIT, Entry, domain
from parvis_inspections.rounds import Line, VisitFilter, planned

BACK = timedelta(days=30)


async def visit_entries(host: Host, town: Jurisdiction, person: Person, viewer: Viewer) -> list[Entry]:
    """Those planned, from a month ago on."""
    wanted = VisitFilter(scope=scope_of(viewer, town.code, host.jurisdictions, "work"), inspector=UUID(person.id))
    found = await planned(host, wanted, local_day(town.calendar, clock.now()) - BACK)
    return [entry for line in found.lines if (entry := _entry(host, town, line)) is not None]


def _entry(host: Host, town: Jurisdiction, line: Line) -> Entry | None:
    visit = line.visit
    if visit.starts_at is None or visit.ends_at is None:
        return None
    words = CONFIDENTIAL_VISIT if line.is_confidential else VISIT
    return Entry(
        uid=f"{visit.id}@{domain(host)}",
        version=visit.version,
        stamped_at=visit.wanted_at,
        title=words.format(title=line.part.title, reference=line.reference),
        starts=visit.starts_at,
        ends=visit.ends_at,
        link=f"{town_url(host, town)}/bureau/requete/{line.reference}",
    )
