"""What a schedule of the town says against "it did not come": not that day, or not yet; and when it comes."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from parvis.i18n import format_date, format_day, format_list, format_time, in_each, say
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.advice import Advice, AdviceInquiry, AdviceSource, joined
from parvis.requests.host import Host
from parvis_advisories.schedules import SCHEDULES, Round, Schedule
from parvis_sdk.fields import OneOf
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

NOT_THAT_DAY = Text(fr="Aucune collecte n’était prévue le {day}", en="No collection was scheduled on {day}")
NOT_YET = Text(fr="La journée de collecte n’est pas terminée", en="Collection day is not over yet")
UNTIL = Text(
    fr="{stream}\u00a0: la collecte d’aujourd’hui peut se faire jusqu’à {hour}.",
    en="{stream}: today’s collection may take place until {hour}.",
)
USUALLY = Text(
    fr="{stream}\u00a0: dans votre secteur ({zones}), la collecte se fait le {weekday}.",
    en="{stream}: in your sector ({zones}), collection is on {weekday}.",
)
EVERYWHERE = Text(fr="{stream}\u00a0: la collecte se fait le {weekday}.", en="{stream}: collection is on {weekday}.")
EVERY_SO_MANY_WEEKS = Text(fr="{weekday}, toutes les {weeks} semaines", en="{weekday}, every {weeks} weeks")
BECAUSE = Text(fr="Ce jour-là\u00a0: {why}.", en="On that day: {why}.")
LAST = Text(fr="Dernière collecte\u00a0: {day}.", en="Last collection: {day}.")
NEXT = Text(fr="Prochaine collecte\u00a0: {day}.", en="Next collection: {day}.")
A_MONDAY = date(2024, 1, 1)


class PlaceSchedule(NamedTuple):
    """What the schedule knows of one place in these zones: the stream by its label, its rounds, and today."""

    schedule: Schedule
    stream: str
    label: Text
    rounds: tuple[Round, ...]
    zones: tuple[str, ...]
    today: date


def by_schedule(
    town: Jurisdiction, request_type: RequestType, zones: tuple[str, ...], answers: Mapping[str, Any], now: datetime
) -> Advice | None:
    """What stands against the day that was named; nothing where the schedule agrees, or knows nothing of the place."""
    known = known_of(town, request_type, zones, answers, now)
    rule = request_type.scheduled
    named = answers.get(rule.day) if rule else None
    if known is None or rule is None or not isinstance(named, str):
        return None
    day = date.fromisoformat(named)
    hour = now.astimezone(ZoneInfo(town.time_zone)).time()
    is_over = day < known.today or hour >= known.schedule.until
    came = known.schedule.comes_on(known.rounds, day)
    if came and is_over:
        return None
    title, text = not_yet(town, known) if came else not_that_day(town, known, day)
    return Advice(
        kind="schedule",
        code=f"{known.schedule.code}-{known.stream}",
        title=title,
        text=text,
        path=f"answers.{rule.day}",
        insist=rule.insist,
    )


def known_of(
    town: Jurisdiction, request_type: RequestType, zones: tuple[str, ...], answers: Mapping[str, Any], now: datetime
) -> PlaceSchedule | None:
    """What the schedule of this type knows, once its stream was named and where it has rounds for the place."""
    rule = request_type.scheduled
    schedule = SCHEDULES.of(town).get(rule.schedule) if rule else None
    stream = answers.get(rule.stream) if rule else None
    if rule is None or schedule is None or not isinstance(stream, str):
        return None
    rounds = schedule.rounds_for(stream, zones)
    field = next((field for field in request_type.form.fields() if field.code == rule.stream), None)
    options = field.options if isinstance(field, OneOf) else ()
    label = next((option.label for option in options if option.code == stream), Text(fr=stream))
    return PlaceSchedule(schedule, stream, label, rounds, zones, local_day(town.calendar, now)) if rounds else None


def when_it_comes(
    town: Jurisdiction, request_type: RequestType, zones: tuple[str, ...], answers: Mapping[str, Any], now: datetime
) -> Text | None:
    """When it comes where the person is: said before they are asked on which day it should have come."""
    known = known_of(town, request_type, zones, answers, now)
    if known is None:
        return None
    last = known.schedule.last_day(known.rounds, known.today)
    said = LAST.format(day=in_each(town.time_zone, lambda: format_day(last))) if last else Text(fr="")
    return joined(usually(town, known), said)


def not_yet(town: Jurisdiction, known: PlaceSchedule) -> tuple[Text, Text]:
    hour = in_each(town.time_zone, lambda: format_time(known.schedule.until))
    return NOT_YET, UNTIL.format(stream=known.label, hour=hour)


def not_that_day(town: Jurisdiction, known: PlaceSchedule, day: date) -> tuple[Text, Text]:
    why = known.schedule.why_not(known.rounds, day)
    last = known.schedule.last_day(known.rounds, known.today)
    coming = known.schedule.next_day(known.rounds, known.today - timedelta(days=1))
    text = joined(
        usually(town, known),
        BECAUSE.format(why=why) if why else Text(fr=""),
        LAST.format(day=in_each(town.time_zone, lambda: format_day(last))) if last else Text(fr=""),
        NEXT.format(day=in_each(town.time_zone, lambda: format_day(coming))) if coming else Text(fr=""),
        by="\n",
    )
    return NOT_THAT_DAY.format(day=in_each(town.time_zone, lambda: format_day(day))), text


def usually(town: Jurisdiction, known: PlaceSchedule) -> Text:
    """On which weekdays, and for which sector that is so."""
    named = dict.fromkeys(code for each in known.rounds for code in each.zones if code in known.zones)
    zones = [zone.name for code in named if (zone := town.zone(code)) is not None]
    weekday = in_each(town.time_zone, lambda: weekdays(known.rounds))
    if not zones:
        return EVERYWHERE.format(stream=known.label, weekday=weekday)
    names = in_each(town.time_zone, lambda: format_list([say(name) for name in zones]))
    return USUALLY.format(stream=known.label, zones=names, weekday=weekday)


def weekdays(rounds: tuple[Round, ...]) -> str:
    said = []
    for each in sorted(rounds, key=lambda one: one.weekday):
        name = format_date(A_MONDAY + timedelta(days=each.weekday), "EEEE")
        often = EVERY_SO_MANY_WEEKS.format(weekday=name, weeks=each.weeks)
        said.append(name if each.weeks == 1 else say(often))
    return format_list(list(dict.fromkeys(said)))


async def _advise(host: Host, asked: AdviceInquiry) -> tuple[Advice, ...]:
    said = by_schedule(asked.town, asked.request_type, asked.zones, asked.answers, asked.at)
    return (said,) if said is not None else ()


def _hints(host: Host, asked: AdviceInquiry) -> dict[str, Text]:
    """When it comes, where they are asked on which day it should have come."""
    rule = asked.request_type.scheduled
    words = when_it_comes(asked.town, asked.request_type, asked.zones, asked.answers, asked.at)
    return {rule.day: words} if rule is not None and words is not None else {}


ADVICE = AdviceSource(advise=_advise, hints=_hints)
