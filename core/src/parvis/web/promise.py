"""The promised date in sentences: why it is that day, and why it is another one now."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from parvis.i18n import format_day, format_time, gettext, ngettext, pgettext, say
from parvis.jurisdictions import Jurisdiction
from parvis.requests.clocks.clocks import Clock
from parvis.requests.levels import Because
from parvis.requests.priority_names import priority_name
from parvis.requests.timeline import StoryLine
from parvis_sdk.request_types import RequestType

TO_THE_HOUR = timedelta(days=3)


class Delay(Protocol):
    """What a service level says of time, by its author or by the town."""

    @property
    def business_days(self) -> int | None: ...
    @property
    def business_hours(self) -> int | None: ...
    @property
    def hours(self) -> int | None: ...


def is_by_the_hour(request_type: RequestType, answers: Mapping[str, Any]) -> bool:
    """Whether these answers are promised something in hours, whose hour is shown beside its day."""
    level = request_type.promise(answers)
    return level is not None and not level.business_days


def why_this_day(clock: Clock | None) -> str:
    """From which response time the day comes, and what does not count in it."""
    if clock is None:
        return ""
    allowance = clock.allowance
    if allowance.business_days:
        counted = gettext("Weekends and holidays do not count.")
    elif allowance.business_hours:
        counted = gettext("Only the hours in which the town is open count.")
    else:
        counted = gettext("Day and night, weekends included.")
    own = gettext("Promised response time, by your answers: %(delay)s.")
    said = gettext("Promised response time: %(delay)s.") if allowance.when is None else own
    return f"{said % {'delay': delay_words(allowance)}} {counted}"


def level_words(clock: Clock, request_type: RequestType, town: Jurisdiction) -> str:
    """The response time and the rule that gave it: “5 business days: Pothole, Plateau, winter (line 2, version 3)”."""
    because, delay = clock.because, delay_words(clock.allowance)
    if not because.line:
        said = gettext("Default response time: %(delay)s") % {"delay": delay}
        no_line = gettext("no rule of version %(version)s applies") % {"version": because.version}
        return f"{said} ({no_line})" if because.version else said
    zone = town.zone(because.zone)
    season = next((each for each in town.seasons if each.code == because.season), None)
    why = [
        say(request_type.title) if because.type else "",
        say(zone.name) if zone else because.zone,
        say(priority_name(because.priority)) if because.priority is not None else "",
        say(season.name) if season else because.season,
    ]
    named = ", ".join(each for each in why if each) or gettext("all request types")
    said = gettext("%(delay)s: %(why)s") % {"delay": delay, "why": named}
    return f"{said} ({_line(because)})"


def _line(because: Because) -> str:
    if not because.version:
        return gettext("rule %(line)s in the town’s files") % {"line": because.line}
    return gettext("rule %(line)s, version %(version)s") % {"line": because.line, "version": because.version}


def why_moved(line: StoryLine, *, mine: bool) -> str:
    """The sentence under a line of the story with which the promised date has moved; empty under any other."""
    if line.promised_at is None:
        return ""
    first = line.promised_before is None
    said = gettext("Promised date: %(date)s.") if first else gettext("New promised date: %(date)s.")
    told = sentence(said, when(line.promised_at, line.at))
    return " ".join(part for part in (told, _reason(line, mine=mine)) if part)


def _reason(line: StoryLine, *, mine: bool) -> str:
    match line.why_promised:
        case "answered" if mine:
            return gettext(
                "The response time had stopped while we waited for your answer; what was left of it runs again."
            )
        case "answered":
            return gettext("The response time had stopped while an answer was awaited; what was left of it runs again.")
        case "reopened":
            return gettext("The response time starts again, because the request is open again.")
        case "retyped":
            return gettext("The request was moved to another service and follows the response time of that one.")
        case "town" if line.promised_before is not None:
            return sentence(gettext("Earlier promised date: %(date)s."), when(line.promised_before, line.at))
    return ""


def last_moved(lines: Sequence[StoryLine]) -> StoryLine | None:
    """The last line with which the promised date has moved, if it ever has."""
    return next((line for line in reversed(lines) if line.promised_at and line.promised_before), None)


def sentence(words: str, date: str) -> str:
    """The words with the date in them; one full stop at the end, where the date has its own."""
    said = words % {"date": date}
    return said[:-1] if said.endswith("..") else said


def when(moment: datetime, since: datetime) -> str:
    """A promised moment: the day, and the hour too where it is a matter of hours."""
    if abs(moment - since) > TO_THE_HOUR:
        return format_day(moment, since)
    return pgettext("date and time", "%(day)s at %(time)s") % {
        "day": format_day(moment, since),
        "time": format_time(moment),
    }


def delay_words(chosen: Delay) -> str:
    """A response time as text, in whichever unit it is counted."""
    if chosen.business_days:
        return ngettext("%(num)s business day", "%(num)s business days", chosen.business_days) % {
            "num": chosen.business_days
        }
    if chosen.business_hours:
        return ngettext("%(num)s opening hour", "%(num)s opening hours", chosen.business_hours) % {
            "num": chosen.business_hours
        }
    hours = chosen.hours or 0
    return ngettext("%(num)s hour", "%(num)s hours", hours) % {"num": hours}
