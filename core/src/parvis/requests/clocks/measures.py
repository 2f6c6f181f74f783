"""What is counted of a request, written when it happens: how long it took, when it was first answered, if it came back.

Durations are thousandths of business days, by the calendar of that day: a later calendar does not change the past.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from parvis.jurisdictions.calendars import BusinessCalendar, Ruler, business_days_between
from parvis.requests.actors import Actor
from parvis.requests.clocks.clocks import Clock
from parvis.requests.history import Entry, Line
from parvis.requests.records import Record
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Phase

A_DAY = 1000
ANSWERS = ("reply", "promised")  # what the town writes to the requester, besides steps that are told
NOT_FIXED = "not_fixed"  # the step by which requesters say no
OF_THE_TOWN = ("agent", "plugin")  # people of the town and the systems they work with; a timer answers nobody


def delay(calendar: BusinessCalendar, start: datetime, end: datetime) -> int:
    """How many thousandths of business days passed from one moment to the other."""
    return int(business_days_between(calendar, start, end) * A_DAY)


def ended(
    calendar: BusinessCalendar, submitted_at: datetime, closed_at: datetime | None, promise: Clock | None
) -> dict[str, Any]:
    """The columns that say how long a closed request took and was promised to take.

    It took until the moment that the promise was about, or until it was closed where nothing was promised.
    """
    if closed_at is None:
        return {"handling_time": None, "target_time": None, **in_days(calendar, None)}
    until = promise.ended_at if promise and promise.ended_at else closed_at
    target_time = delay(calendar, promise.started_at, promise.due_at) if promise else None
    return {
        "handling_time": delay(calendar, submitted_at, until),
        "target_time": target_time,
        **in_days(calendar, promise),
    }


def in_days(calendar: BusinessCalendar, promise: Clock | None) -> dict[str, Any]:
    """The columns that say how many business days a promise that has ended had, 0 where it had hours, and how many it
    would have needed to be kept."""
    if promise is None or promise.ended_at is None:
        return {"days_promised": None, "days_needed": None}
    promised = promise.allowance.business_days
    rests = ((rest.since, rest.until) for rest in promise.rests)
    ruler = Ruler(calendar, promise.started_at)
    needed = ruler.days_needed(promise.started_at, promise.ended_at, rests) if promised else None
    return {"days_promised": promised, "days_needed": needed}


def is_back(before: Phase, now: Phase) -> bool:
    """Whether a request comes back by this: taken up again after it was closed, or put back to work once decided.

    What was decided and waits for its holder (a permit that is suspended or renewed) has not come back.
    """
    if before is Phase.CLOSED:
        return now is not Phase.CLOSED
    return before is Phase.DECIDED and now in (Phase.RECEIVED, Phase.IN_PROGRESS)


def reopened(record: Record, phase: Phase, promise: Clock | None, at: datetime) -> dict[str, Any]:
    """The columns that say how often a request came back, when it last did, and whether its promise had been kept."""
    if not is_back(record.phase, phase):
        return {}
    undone = record.promise == "met" and promise is not None and promise.state != "met"
    # One that was there before these were kept is counted as a whole from its history.
    return {
        "reopened": None if record.reopened is None else record.reopened + 1,
        "reopened_at": at,
        "undone": None if record.undone is None else record.undone + undone,
    }


def answered(
    calendar: BusinessCalendar, record: Record, line: Line | Entry, actor: Actor, at: datetime
) -> dict[str, Any]:
    """The columns that say when the town first answered, if this line is that answer."""
    if record.first_answer_at is not None or record.reopened is None or not is_answer(line, actor):
        return {}
    return {"first_answer_at": at, "first_response_time": delay(calendar, record.submitted_at, at)}


def is_answer(line: Line | Entry, actor: Actor) -> bool:
    """Whether a line of history is something that the town tells the requester; the receipt is none."""
    if actor.kind not in OF_THE_TOWN:
        return False
    return line.kind in ANSWERS or (line.kind == "moved" and line.audience == "public")


def measured(
    record: Record,
    entries: Sequence[Entry],
    request_types: Mapping[int, RequestType],
    promise: Clock | None,
    calendar: BusinessCalendar,
) -> dict[str, Any]:
    """The same columns told from the history, for a request that was there before they were kept."""
    first = next((each.at for each in entries if is_answer(each, each.actor)), None)
    return {
        **ended(calendar, record.submitted_at, record.closed_at, promise),
        **looked_back(entries, request_types, promise),
        "first_answer_at": first,
        "first_response_time": delay(calendar, record.submitted_at, first) if first else None,
    }


def looked_back(
    entries: Sequence[Entry], request_types: Mapping[int, RequestType], promise: Clock | None
) -> dict[str, Any]:
    """How often it came back, what promises that broke, and when its requester last said how it went."""
    back = comings_back(entries, request_types)
    said = [each.at for each in entries if each.kind == "settled" or _says_no(each)]
    return {
        "reopened": len(back),
        "reopened_at": back[-1].at if back else None,
        "undone": sum(undoes(each, promise.code) for each in back) if promise else 0,
        "settled_at": said[-1] if said else None,
    }


def undoes(entry: Entry, code: str) -> bool:
    """Whether a coming back made a promise run anew that had been kept: nothing else starts one that had ended."""
    return bool(entry.body.get("clocks", {}).get(code, {}).get("state") == "running")


def _says_no(entry: Entry) -> bool:
    return entry.body.get("transition") == NOT_FIXED and entry.actor.kind == "requester"


def comings_back(entries: Sequence[Entry], request_types: Mapping[int, RequestType]) -> list[Entry]:
    """Each entry by which a request came back; `request_types` is what each was written under."""
    found: list[Entry] = []
    before = Phase.RECEIVED
    for entry, now in phases(entries, request_types):
        if is_back(before, now):
            found.append(entry)
        before = now
    return found


def phases(entries: Sequence[Entry], request_types: Mapping[int, RequestType]) -> Iterator[tuple[Entry, Phase]]:
    """Each entry with the phase that its state had after it."""
    phase = Phase.RECEIVED
    for entry in entries:
        workflow = request_types[entry.number].workflow
        if _begins(entry):
            phase = workflow.initial.phase
        elif "target" in entry.body:
            phase = workflow.state(entry.body["target"]).phase
        yield entry, phase


def _begins(entry: Entry) -> bool:
    """Whether the request is in the first state of its type after this: it came in, or was found to be of another."""
    return entry.kind == "submitted" or "declaration_before" in entry.body
