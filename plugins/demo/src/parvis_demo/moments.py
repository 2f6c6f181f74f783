"""What is asked, when and by which channel, in the proportions of real requests (`figures.toml`)."""

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from parvis.jurisdictions.calendars import BusinessCalendar, is_open, local_day
from parvis_sdk.requests import Channel

PERIOD = 270  # days
RECENT = 16  # days, in which a share of the requests falls besides: a desk shows work, not only archives
RECENT_SHARE = 0.2
SHORTEST_AGE = timedelta(minutes=20)


@cache
def figures() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "figures.toml").read_text(encoding="utf-8"))


def choose_type(chance: Random, kinds: list[str]) -> str:
    counts = figures()["types"]
    return chance.choices(kinds, [sqrt(counts[kind]) for kind in kinds])[0]


def choose_moment(chance: Random, kind: str, now: datetime, calendar: BusinessCalendar) -> datetime:
    """A moment of the last nine months: by season of the type, then by weekday and hour."""
    today = local_day(calendar, now)
    reach = RECENT if chance.random() < RECENT_SHARE else PERIOD
    days = [today - timedelta(days=age) for age in range(reach)]
    months, weekdays = figures()["months"].get(kind, [1] * 12), figures()["week"]["days"]
    weights = [months[day.month - 1] * weekdays[day.weekday()] for day in days]
    if not any(weights):  # out of season for the whole time, such as snow from May to October
        days = [today - timedelta(days=age) for age in range(365)]
        weights = [months[day.month - 1] * weekdays[day.weekday()] for day in days]
    day = chance.choices(days, weights)[0]
    hour = chance.choices(range(24), figures()["week"]["hours"])[0]
    zone = ZoneInfo(calendar.time_zone)
    moment = datetime(day.year, day.month, day.day, hour, chance.randrange(60), chance.randrange(60), tzinfo=zone)
    return min(moment.astimezone(UTC), now - SHORTEST_AGE - timedelta(minutes=chance.randrange(90)))


def choose_channel(chance: Random, moment: datetime, calendar: BusinessCalendar) -> Channel:
    """Nobody answers the phone or stands at the counter when the town is closed."""
    counts: dict[Channel, int] = figures()["channels"]
    offered: list[Channel] = [one for one in counts if one in ("portal", "email") or is_open(calendar, moment)]
    return chance.choices(offered, [counts[one] for one in offered])[0]
