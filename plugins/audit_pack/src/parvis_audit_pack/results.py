"""Sums over all histories of a pack: objectives against results, and what comes back again and again."""

from collections.abc import Iterator
from datetime import datetime

from parvis.jurisdictions.calendars import OpenTime, quantile
from parvis.requests.clocks.clocks import Clock
from parvis.requests.clocks.measures import comings_back, undoes
from parvis_audit_pack.covering import Audit, History

CELL = 0.0005  # degrees: about fifty metres, within which faults of one type are taken for one cause
REPEATED = 3
NAMED = 20

Cell = tuple[str, float, float]


class Objective:
    """One promise of one type, with what became of it in the period."""

    def __init__(self) -> None:
        self.met = self.missed = self.running = 0
        self.days: list[float] = []


class Results:
    """Grows with each history; what it keeps of one is a number or a reference."""

    def __init__(self, audit: Audit, time: OpenTime) -> None:
        self.audit, self.time = audit, time
        self.objectives: dict[tuple[str, str, int, str, str], Objective] = {}
        self.causes: dict[Cell, list[str]] = {}

    def add(self, history: History) -> None:
        """Count the promises of a request, and the place where it happened if everybody may know it."""
        for each in history.clocks:
            undone = [back for back in comings_back(history.entries, history.request_types) if undoes(back, each.code)]
            if not undone:
                self._promise(history.record.type, each)
            elif self.audit.since <= undone[-1].at < self.audit.until:  # it counts once, and as the figures have it
                self._objective(history.record.type, each).missed += 1
        if history.place is not None and self.audit.since <= history.record.submitted_at:
            lon, lat = history.place
            cell = (history.record.type, round(round(lon / CELL) * CELL, 4), round(round(lat / CELL) * CELL, 4))
            self.causes.setdefault(cell, []).append(history.record.reference)

    def _promise(self, type_code: str, each: Clock) -> None:
        ended = ended_in(each, self.audit.since, self.audit.until)
        if ended == "before":
            return
        objective = self._objective(type_code, each)
        if ended == "running":
            objective.running += 1
            return
        objective.met += each.state == "met"
        objective.missed += each.state != "met"
        if each.ended_at is not None:
            objective.days.append(self.time.days_between(each.started_at, each.ended_at))

    def _objective(self, type_code: str, each: Clock) -> Objective:
        return self.objectives.setdefault((type_code, each.code, *promised(each), each.until), Objective())

    def objective_rows(self) -> Iterator[list[object]]:
        for (type_code, code, amount, measure, until), each in sorted(self.objectives.items()):
            ended = each.met + each.missed
            share = round(each.met / ended, 4) if ended else None
            median, ninth = (_rounded(quantile(each.days, part)) for part in (0.5, 0.9))
            yield [
                type_code, code, amount, measure, until, each.met, each.missed, each.running, share, median, ninth,
            ]  # fmt: skip

    def cause_rows(self) -> Iterator[list[object]]:
        for (type_code, lon, lat), references in sorted(self.causes.items()):
            if len(references) >= REPEATED:
                yield [type_code, lon, lat, len(references), " ".join(references[:NAMED])]


def promised(each: Clock) -> tuple[int, str]:
    """How much time the promise gives, and in what it is counted."""
    level = each.allowance
    if level.business_days:
        return level.business_days, "business_days"
    if level.business_hours:
        return level.business_hours, "business_hours"
    return level.hours, "hours"


def ended_in(each: Clock, since: datetime, until: datetime) -> str:
    """Whether a promise was settled in the period, `before` it, or stood `running` at its end.

    It is settled when it is kept, or when its time is over and it is not.
    """
    at = each.ended_at if each.state == "met" else each.due_at if each.state == "missed" else None
    if at is None and each.state == "running" and each.due_at < until:
        at = each.due_at
    if at is None or at >= until:
        return "running"
    return "before" if at < since else "ended"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
