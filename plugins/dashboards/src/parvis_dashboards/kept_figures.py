"""Figures kept for as long as nothing that they count has changed: one statement about the last minutes says whether.

Every change of a request raises its version and says when it was; what is late grows as promises come due. Figures of
a year before are kept on where only requests changed that came after them.
"""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Scope
from parvis.db.replica import may_be_behind
from parvis.db.tables import ServiceRequest
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.host import Host
from parvis.requests.lists.search import RANKS
from parvis.selection import Period
from parvis_dashboards.figures import OPEN, Earlier, Figures, Narrow, figures
from parvis_dashboards.weekly import A_YEAR

KEPT = timedelta(minutes=1)  # by then is counted what was deleted, or brought in with a past of its own
KEPT_EARLIER = timedelta(minutes=10)  # the same of the year before
UNDER_WAY = timedelta(minutes=5)  # longer than any change takes from its moment to its commit, or a clock is ahead
MOST = 50
CHANGED = f"""
SELECT c.many, c.versions, c.newest, c.earlier, d.due, d.latest FROM (
  SELECT COUNT(*) AS many, SUM(r.version) AS versions, MAX(r.updated_at) AS newest,
    SUM(CASE WHEN r.submitted_at < {{}} THEN r.version END) AS earlier
  FROM service_request r WHERE r.jurisdiction = {{}} AND r.updated_at >= {{}} AND r.updated_at < {{}}
) AS c, (
  SELECT COUNT(*) AS due, MAX(promised_at) AS latest FROM service_request r
  WHERE jurisdiction = {{}} AND {OPEN} AND {RANKS["due"]} = 0 AND promised_at >= {{}} AND promised_at < {{}}
) AS d
"""  # noqa: S608 - ours


class Mark(Struct, frozen=True):
    """What differs where figures may: what changed and came due since a moment, and the day of the town."""

    all_: tuple[object, ...]
    earlier: object  # of requests that the figures of the year before may hold


class KeptCount(Struct, frozen=True):
    """Figures with when they were counted, and their mark, which looks back from `since`."""

    figures: Figures
    at: datetime
    mark: Mark
    since: datetime


class KeptFigures(OrderedDict[Hashable, KeptCount]):
    """Those last asked for in this process."""

    def keep(self, key: Hashable, counted: KeptCount) -> None:
        self[key] = counted
        self.move_to_end(key)
        while len(self) > MOST:
            self.popitem(last=False)


async def figures_kept(
    host: Host, town: Jurisdiction, scope: Scope, period: Period, narrow: Narrow, *, against: Period | None = None
) -> Figures:
    """The same as `figures`; one statement where nothing has changed since they were counted."""
    kept, now = host.of(KeptFigures), clock.now()
    key = (town.code, town.time_zone, scope, period, narrow, against)
    known = kept.get(key)
    if known is not None and not timedelta() <= now - known.since < KEPT_EARLIER:
        known = None
    since = known.since if known else now
    mark = await _mark(town, max(period.until - A_YEAR, against.until) if against else period.since, since, now)
    if known is not None and mark == known.mark and timedelta() <= now - known.at < KEPT:
        return known.figures
    earlier = None
    if known is not None and against and mark.earlier == known.mark.earlier:
        earlier = Earlier(total=known.figures.before, weeks=known.figures.weeks_before)
    counted = await figures(scope, period, town.calendar, narrow, against=against, earlier=earlier)
    kept.keep(key, KeptCount(counted, now, mark, since))
    return counted


async def _mark(town: Jurisdiction, earlier_than: datetime, since: datetime, now: datetime) -> Mark:
    """Taken before figures are counted, so that it is never the newer of both."""
    begun = since - UNDER_WAY
    with may_be_behind():  # by which figures are read too
        rows = await ServiceRequest.raw(CHANGED, earlier_than, town.code, begun, now + UNDER_WAY, town.code, begun, now)
    told = rows[0]
    of_all = (told["many"], told["versions"], told["newest"], told["due"], told["latest"])
    return Mark((*of_all, local_day(town.calendar, now)), told["earlier"])
