"""When a call or a letter that nobody made is taken higher: at its due moment, then once more."""

from datetime import datetime, timedelta

from parvis.jurisdictions.calendars import BusinessCalendar, add_business_days

LAST = 2
"""At the first step who answers for the unit is told, at the last one whoever is one unit higher."""
EMERGENCY_AFTER = timedelta(hours=2)  # of any day and night, as it was due in hours
USUAL_AFTER = 2  # business days


def moment_of(step: int, due_at: datetime, calendar: BusinessCalendar, *, is_emergency: bool) -> datetime | None:
    """When what is owed comes to a step; None where there is none. It depends on nothing but when it was due."""
    if step > LAST:
        return None
    if step == 1:
        return due_at
    return due_at + EMERGENCY_AFTER if is_emergency else add_business_days(calendar, due_at, USUAL_AFTER)


def step_due(after: int, due_at: datetime, calendar: BusinessCalendar, now: datetime, *, is_emergency: bool) -> int:
    """The last step reached; earlier steps that were missed are skipped. 0: none since `after`."""
    for step in range(LAST, after, -1):
        moment = moment_of(step, due_at, calendar, is_emergency=is_emergency)
        if moment is not None and moment <= now:
            return step
    return 0
