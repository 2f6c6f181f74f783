"""Requests whose day to look again has come: a filter and a list of the queue, and a list of stalled work."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.stalled import stalled_counts
from parvis.web.desk.context import QUEUE, DeskContext
from parvis.web.desk.lists.filtering import WAITING, ListQuery, day_of, midnight
from parvis.web.desk.lists.filters import FilterContext, QueueFilter, Searcher, day_said, filters_in
from parvis.web.desk.lists.stalled import StalledList, StalledSource

NAME = "suivi"
DUE = "du"  # what is to be looked at again by the end of today, whatever day that is
BEFORE = "follow_up_at < {}"


def _until(searcher: Searcher, values: tuple[str, ...]) -> Mapping[str, Any]:
    """By the end of today, or of the day that the address names."""
    day = local_day(searcher.town.calendar, clock.now()) if values[0] == DUE else day_of(values[0])
    if day is None:
        return {}
    return {"conditions": (ListCondition(BEFORE, (midnight(day + timedelta(days=1), searcher.town.time_zone),)),)}


def _said(here: FilterContext, value: str) -> str:
    today = gettext("To review today")
    return today if value == DUE else gettext("To review by %(day)s") % {"day": day_said(value)}


FILTER = QueueFilter(name=NAME, after=WAITING, narrow=_until, say=_said, at_hand=DUE, tab=lambda: gettext("To review"))


async def due(room: DeskContext) -> tuple[StalledList, ...]:
    """The same requests as behind the link, counted in one statement."""
    asked = ListQuery(values={NAME: (DUE,)})
    (found,) = await stalled_counts(room.host, room.viewer, room.town.code, [(filters_in(room, asked), "follow_up_at")])
    title, meaning = gettext("To review"), gettext("Due for review by today.")
    return (StalledList(title=title, meaning=meaning, href=asked.address(QUEUE), found=found),)


STALLED = StalledSource(name="again", title=lambda: gettext("To review"), find=due)
