"""The steps of a clock: warned before it breaks, then taken higher; when the next one is due."""

from datetime import datetime, timedelta

from msgspec import structs

from parvis.requests.clocks import Clock
from parvis.territory import Jurisdiction
from parvis.territory.calendars import add_business_days, add_business_time, business_time_between

A_SECOND = timedelta(seconds=1)
WARNED = 1
"""The first step; each one after it is a step of escalation."""


def has_steps(town: Jurisdiction) -> bool:
    """Whether promises of this town are raised at all."""
    return bool(town.escalation.warn_hours or town.escalation.after)


def moment_of(clock: Clock, step: int, town: Jurisdiction) -> datetime | None:
    """When a clock comes to a step; None where this town has no such step."""
    rule = town.escalation
    if step == WARNED:
        return _warned_at(clock, town) if rule.warn_hours else None
    number = step - WARNED - 1
    if number >= len(rule.after):
        return None
    days = rule.after[number]
    # A promise breaks as the town closes, which belongs to that day and not to the next one.
    return add_business_days(town.calendar, clock.due_at - A_SECOND, days) if days else clock.due_at


def _warned_at(clock: Clock, town: Jurisdiction) -> datetime:
    """So many opening hours before the end, but never before half of the time has gone."""
    calendar, lead = town.calendar, timedelta(hours=town.escalation.warn_hours)
    half = clock.started_at + (clock.due_at - clock.started_at) / 2
    whole = business_time_between(calendar, clock.started_at, clock.due_at)
    return max(half, add_business_time(calendar, clock.started_at, whole - lead)) if whole > lead else half


def scheduled(before: Clock | None, after: Clock, town: Jurisdiction) -> Clock:
    """The clock with its next step: from the first one again once its date has moved, none while it does not run."""
    step = 0 if before is None or before.due_at != after.due_at else after.step
    runs = after.state in ("running", "missed") and after.ended_at is None
    return structs.replace(after, step=step, next_at=_next_at(after, step, town) if runs else None)


def _next_at(clock: Clock, step: int, town: Jurisdiction) -> datetime | None:
    found = (moment_of(clock, each, town) for each in range(step + 1, WARNED + 2 + len(town.escalation.after)))
    return next((moment for moment in found if moment is not None), None)


def step_due(clock: Clock, town: Jurisdiction, now: datetime) -> int:
    """The last step to which the clock has come by now; those that it ran past are not made up for."""
    steps = range(clock.step + 1, WARNED + 1 + len(town.escalation.after))
    due = [each for each in steps if (moment := moment_of(clock, each, town)) is not None and moment <= now]
    return max(due, default=0)
