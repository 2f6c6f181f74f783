"""The days over which a page counts, and what it counts alone, as its address says."""

from datetime import date, timedelta

from msgspec import Struct

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.selection import Period
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.filtering import UNIT, ListQuery, day_of, midnight

FIGURES = "/bureau/tableau"
USUAL = 90
LONGEST = 3 * 366
NARROWED = {"type": "type", "unit": "unite", "zone": "zone", "channel": "canal"}
"""Each choice with its name in the address."""


class PeriodFilter(Struct, frozen=True, kw_only=True):
    """Over what the page counts: days of the town, both included, and perhaps one type, unit, zone or channel."""

    since: date
    until: date
    type: str = ""
    unit: str = ""
    zone: str = ""
    channel: str = ""

    def address(self, path: str = FIGURES, **more: str) -> str:
        days = {"depuis": self.since.isoformat(), "jusqua": self.until.isoformat()}
        given = {**days, **self.narrowed, **more}
        return ListQuery(values={name: (value,) for name, value in given.items() if value}).address(path)

    @property
    def narrowed(self) -> dict[str, str]:
        """The choices besides the period, as the queue names them too."""
        return {"type": self.type, UNIT: self.unit, "zone": self.zone, "canal": self.channel}


def chosen_days(room: DeskContext, longest: int = LONGEST) -> PeriodFilter:
    """What the address asks for; a period the wrong way round is turned, one of more than `longest` days is cut."""
    asked = room.request.query_params
    today = local_day(room.town.calendar, clock.now())
    until = day_of(asked.get("jusqua", "")) or today
    since = day_of(asked.get("depuis", "")) or until - timedelta(days=USUAL - 1)
    since, until = min(since, until), max(since, until)
    since = max(since, until - timedelta(days=longest))
    named = {part: asked.get(name, "")[:60] for part, name in NARROWED.items()}
    return PeriodFilter(since=since, until=until, **named)


def period_of(room: DeskContext, chosen: PeriodFilter) -> Period:
    """The days that were chosen, as moments."""
    zone = room.town.time_zone
    return Period(since=midnight(chosen.since, zone), until=midnight(chosen.until + timedelta(days=1), zone))
