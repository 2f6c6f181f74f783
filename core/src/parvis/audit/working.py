"""What one history says of the work: who stepped in when, how long nobody did, what was opened again."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from parvis.audit.covering import History, Line
from parvis.insights.open_time import OpenTime
from parvis.requests.changing import ASIDE
from parvis_sdk.requests import Phase

WORKERS = ("agent", "plugin")
ENDED = (Phase.DECIDED, Phase.CLOSED)


class Gap(Struct, frozen=True, kw_only=True):
    """A time in which a request stood open and nobody of the town did anything; `until` None when it still lasts."""

    since: datetime
    until: datetime | None
    after: int
    business_days: float
    phase: str


class Reopening(Struct, frozen=True, kw_only=True):
    """An entry by which an ended request was taken up again, and by whom."""

    number: int
    at: datetime
    by: str


def is_work(line: Line) -> bool:
    """Whether an entry is somebody of the town stepping in, or another system that works for it."""
    return line.actor in WORKERS and line.kind not in ASIDE


def phases(history: History, states: Mapping[str, str]) -> Iterator[tuple[Line, str]]:
    """Each entry with the phase that the request was in after it; `states` gives the phase of each state."""
    phase = str(Phase.RECEIVED)
    for line in history.lines:
        code = line.body.get("target") or (line.body.get("state") if line.kind == "submitted" else None)
        phase = states.get(str(code), phase) if code else phase
        yield line, phase


def gaps(history: History, states: Mapping[str, str], time: OpenTime, now: datetime) -> tuple[Gap, ...]:
    """Every time between two steps of the town while the request stood open, the one that still lasts included."""
    found: list[Gap] = []
    last: tuple[Line, str] | None = None
    for line, phase in phases(history, states):
        if last is not None and last[1] not in ENDED and (is_work(line) or phase in ENDED):
            found.append(_gap(last, line.at, time, now))
        if last is None or is_work(line) or phase in ENDED or last[1] in ENDED:
            last = line, phase
        else:
            last = last[0], phase
    if last is not None and last[1] not in ENDED:
        found.append(_gap(last, None, time, now))
    return tuple(found)


def _gap(last: tuple[Line, str], until: datetime | None, time: OpenTime, now: datetime) -> Gap:
    line, phase = last
    days = time.days_between(line.at, until or now)
    return Gap(since=line.at, until=until, after=line.number, business_days=days, phase=phase)


def reopenings(history: History, states: Mapping[str, str]) -> tuple[Reopening, ...]:
    """Every time at which it was taken up again after its end."""
    found: list[Reopening] = []
    before = ""
    for line, phase in phases(history, states):
        if before == Phase.CLOSED and phase not in ENDED:
            found.append(Reopening(number=line.number, at=line.at, by=line.actor))
        before = phase
    return tuple(found)
