"""What one history says of the work: who stepped in when, and how long nobody did."""

from datetime import datetime

from msgspec import Struct

from parvis.jurisdictions.calendars import OpenTime
from parvis.requests.changing import ASIDE
from parvis.requests.clocks.measures import OF_THE_TOWN, phases
from parvis.requests.history import Entry
from parvis.requests.relations.merged import JOINED, PARTED
from parvis_audit_pack.covering import History
from parvis_sdk.requests import Phase

ENDED = (Phase.DECIDED, Phase.CLOSED)


class Gap(Struct, frozen=True, kw_only=True):
    """A time in which a request stood open and nobody of the town did anything; `until` None when it still lasts."""

    since: datetime
    until: datetime | None
    after: int
    business_days: float
    phase: Phase


def is_work(entry: Entry) -> bool:
    """Whether an entry is somebody of the town stepping in, or another system that works for it."""
    return entry.actor.kind in OF_THE_TOWN and entry.kind not in ASIDE


def gaps(history: History, time: OpenTime, now: datetime) -> tuple[Gap, ...]:
    """Every time between two steps of the town while the request stood open, the one that still lasts included.

    One that was merged into another stands open no more, until it is parted from it.
    """
    found: list[Gap] = []
    last: Entry | None = None
    open_in: Phase | None = None
    joined = False
    for entry, phase in phases(history.entries, history.request_types):
        joined = entry.kind == JOINED or (joined and entry.kind != PARTED)
        over = joined or phase in ENDED
        if last is not None and open_in is not None and (over or is_work(entry)):
            found.append(_gap(last, open_in, entry.at, time, now))
        if last is None or over or open_in is None or is_work(entry):
            last = entry
        open_in = None if over else phase
    if last is not None and open_in is not None:
        found.append(_gap(last, open_in, None, time, now))
    return tuple(found)


def _gap(last: Entry, phase: Phase, until: datetime | None, time: OpenTime, now: datetime) -> Gap:
    days = time.days_between(last.at, until or now)
    return Gap(since=last.at, until=until, after=last.number, business_days=days, phase=phase)
