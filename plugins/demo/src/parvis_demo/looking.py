"""Looks of the demo: who of its people opened which requests in the last days, so that their pages are not empty."""

from datetime import datetime, timedelta

from parvis import clock
from parvis.people.agents import Person
from parvis.requests.access_log import AccessLog, What
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, queue
from parvis.requests.records import find
from parvis.viewers import viewer_of

TOWN, DAYS = "parvis", 4
WAYS: tuple[What, ...] = ("page", "page", "page", "file", "page", "print", "page", "archive")


async def look_around(host: Host, staff: tuple[Person, ...]) -> int:
    """Each opens some of the requests that they see, one after the other, on each of the last days; how many lines."""
    now, lines = clock.now(), 0
    for place, viewer in enumerate(map(viewer_of, staff)):
        rows = (await queue(host, viewer, TOWN, Filters())).rows
        for number, row in enumerate(rows[: 3 * DAYS]):
            with clock.moved_to(_moment(now, number % DAYS, place)):
                record = await find(host, row.reference)
                if record is not None:
                    host.of(AccessLog).at(viewer, record, WAYS[(number + place) % len(WAYS)])
        lines += await host.of(AccessLog).write(host.engine)
    return lines


def _moment(now: datetime, days: int, place: int) -> datetime:
    return now - timedelta(days=days, hours=1 + place % 6)
