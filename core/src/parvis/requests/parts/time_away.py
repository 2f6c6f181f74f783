"""How long the plugin of a type was away, and the dates of parts that are put off by as long."""

from datetime import datetime, timedelta
from typing import NamedTuple

from piccolo.table import Table

from parvis.jurisdictions.calendars import BusinessCalendar, last_day, midnight_after
from parvis.requests.changing import Situation, Write
from parvis_sdk.text import Text


class DateColumn(NamedTuple):
    """Where a date of a part stands: its table, whose rows name their `request`, and while what holds it counts."""

    table: type[Table]
    column: str
    condition: str


class LaterDates(NamedTuple):
    """What becomes of the dates of a request: how they are written, and the lines that its holder reads."""

    writes: tuple[Write, ...] = ()
    told: tuple[Text, ...] = ()


class TimeAway(NamedTuple):
    """Since when nobody could move a request under lock, and the whole days by which its dates are put off.

    With `over`, for a moment's absence, only what fell before then is moved.
    """

    here: Situation
    since: datetime
    over: datetime | None
    days: int

    @property
    def calendar(self) -> BusinessCalendar:
        return self.here.town.calendar

    def moves(self, at: datetime | None) -> bool:
        """Whether a date is put off."""
        return at is not None and at >= self.since and (self.over is None or at <= self.over)

    def later(self, at: datetime) -> datetime:
        """So many days later at the same hour of the town, which its clocks may have moved meanwhile."""
        return midnight_after(self.calendar, last_day(self.calendar, at) + timedelta(days=self.days))
