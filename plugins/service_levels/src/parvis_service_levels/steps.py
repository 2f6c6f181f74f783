"""The steps of a clock: warned before it breaks, then taken higher; when the next one is due."""

from datetime import datetime, timedelta

from msgspec import structs

from parvis.jurisdictions.calendars import BusinessCalendar, add_business_days, add_business_time, business_time_between
from parvis.requests.clocks.clocks import Clock
from parvis_service_levels.escalation import Escalation

A_SECOND = timedelta(seconds=1)
WARNED = 1
"""The first step; each one after it is a step of escalation."""


def moment_of(clock: Clock, step: int, calendar: BusinessCalendar, rule: Escalation) -> datetime | None:
    """When a clock comes to a step; None where the town has no such step."""
    if step == WARNED:
        return _warned_at(clock, calendar, rule) if rule.warn_hours else None
    number = step - WARNED - 1
    if number >= len(rule.after):
        return None
    days = rule.after[number]
    # A promise breaks as the town closes, which belongs to that day and not to the next one.
    return add_business_days(calendar, clock.due_at - A_SECOND, days) if days else clock.due_at


def _warned_at(clock: Clock, calendar: BusinessCalendar, rule: Escalation) -> datetime:
    """So many opening hours before the end, but never before half of the time has gone."""
    lead = timedelta(hours=rule.warn_hours)
    half = clock.started_at + (clock.due_at - clock.started_at) / 2
    whole = business_time_between(calendar, clock.started_at, clock.due_at)
    return max(half, add_business_time(calendar, clock.started_at, whole - lead)) if whole > lead else half


def scheduled(before: Clock | None, after: Clock, calendar: BusinessCalendar, rule: Escalation) -> Clock:
    """The clock with its next step: from the first one again once its date has moved, none while it does not run."""
    step = 0 if before is None or before.due_at != after.due_at else after.step
    runs = after.state in ("running", "missed") and after.ended_at is None
    return structs.replace(after, step=step, next_at=_next_at(after, step, calendar, rule) if runs else None)


def _next_at(clock: Clock, step: int, calendar: BusinessCalendar, rule: Escalation) -> datetime | None:
    found = (moment_of(clock, each, calendar, rule) for each in range(step + 1, WARNED + 2 + len(rule.after)))
    return next((moment for moment in found if moment is not None), None)


def step_due(clock: Clock, calendar: BusinessCalendar, rule: Escalation, now: datetime) -> int:
    """The last step that the clock has reached; earlier steps that were missed are skipped."""
    steps = range(clock.step + 1, WARNED + 1 + len(rule.after))
    moments = ((each, moment_of(clock, each, calendar, rule)) for each in steps)
    due = [each for each, moment in moments if moment is not None and moment <= now]
    return max(due, default=0)
