"""A colleague of the demo who will be away soon, and another who stands in."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Person
from parvis.requests.host import Host
from parvis_absences.declaring import declare

TOWN = "parvis"
DEPUTY, AWAY = "voirie@parvis.example", "travaux@parvis.example"
AWAY_IN, AWAY_FOR = timedelta(days=5), timedelta(days=7)


async def show(host: Host, staff: tuple[Person, ...]) -> None:
    """Somebody of the crew is away for a week, five days from now."""
    town, people = host.jurisdictions.get(TOWN), {one.email: one for one in staff}
    if town is None or not {DEPUTY, AWAY} <= people.keys():
        return
    first = datetime.combine(local_day(town.calendar, clock.now()) + AWAY_IN, time(), ZoneInfo(town.time_zone))
    await declare(host.engine, people[AWAY].id, first, first + AWAY_FOR, people[DEPUTY].id, by=people[AWAY].name)
