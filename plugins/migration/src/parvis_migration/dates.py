"""Moments as old systems write them: ISO, with words or numbers in any order, of a spreadsheet, or counted since 1970.

>>> read_moment("4 mars 2019 à 13 h 05", "America/Toronto").isoformat()
'2019-03-04T18:05:00+00:00'
>>> read_moment("04/03/2019 13:05 HAE", "America/Toronto").isoformat()
'2019-03-04T17:05:00+00:00'
>>> read_moment("03/04/2019 1:05 PM", "America/Toronto", day_first=False).isoformat()
'2019-03-04T18:05:00+00:00'
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from parvis_sdk.text_normalisation import fold

MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "january february march april may june july august september october november december",
    "janv fevr mars avr mai juin juil aout sept oct nov dec",
    "jan feb mar apr may jun jul aug sep oct nov dec",
)
BY_NAME = {name: number for names in MONTHS for number, name in enumerate(names.split(), start=1)}
DAYS = re.compile(
    r"^(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(mon|tues?|wednes|thurs?|fri|satur|sun)(day)?),? "
)
TIME = (
    r"(?:[ t,]*(?:a |at )?(?P<hour>\d{1,2}) ?[:h] ?(?P<minute>\d{2})?(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r" ?(?P<half>am|pm|a\.m\.|p\.m\.)?)?"
)
NUMBERS = re.compile(rf"^(?P<one>\d{{1,4}})[/.\- ](?P<two>\d{{1,2}})[/.\- ](?P<three>\d{{4}}|\d{{1,2}}){TIME}$")
DAY_NAME = re.compile(
    rf"^(?P<one>\d{{1,2}})(?:er|st|nd|rd|th)?[ \-./](?P<name>[a-z]+)\.?,?[ \-./](?P<three>\d{{4}}){TIME}$"
)
NAME_DAY = re.compile(rf"^(?P<name>[a-z]+)\.? (?P<one>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<three>\d{{4}}){TIME}$")
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?$")
MONTH_ONLY = re.compile(r"^(\d{4})[-/](\d{1,2})$")
UNIX = re.compile(r"^([a-z]+) (\d{1,2}) (\d{1,2}:\d{2}:\d{2}) ?([a-z]*) (\d{4})$")
HOURS_OF_ZONES = {"utc": 0, "gmt": 0, "z": 0, "hna": -4, "ast": -4, "haa": -3, "adt": -3}
HOURS_OF_ZONES |= {"hne": -5, "est": -5, "hae": -4, "edt": -4, "hnc": -6, "cst": -6, "hac": -5, "cdt": -5}
ZONE = re.compile(rf"(?<=[\dmh.]) ?\(?(?P<zone>{'|'.join(HOURS_OF_ZONES)})?(?P<by>[+-]\d{{1,2}}(?::?[0-5]\d)?)?\)?$")
SPREADSHEET = datetime(1899, 12, 30)  # noqa: DTZ001 - the local day from which spreadsheets count
EARLIEST, LATEST = 1900, 2100


def read_moment(typed: str, zone: str, *, day_first: bool = True) -> datetime | None:
    """The moment in UTC, or None where nothing says one; without an offset it is of `zone`, without an hour its start.

    `day_first` decides where both first numbers may be a month.
    """
    known = _iso(typed) or _counted(typed) or _told(_folded(typed), day_first)
    if known is None or not EARLIEST <= known.year <= LATEST:
        return None
    return (known if known.tzinfo else known.replace(tzinfo=_zone(zone))).astimezone(UTC)


def _folded(typed: str) -> str:
    return " ".join(fold(typed).split())


def is_month_only(typed: str) -> bool:
    """Whether a month is all that is said: the first of it stands for it."""
    return MONTH_ONLY.match(typed.strip()) is not None


def is_day_first(typed: Iterable[str]) -> bool:
    """Whether dates of a column begin with the day: one number over 12 tells; here the day comes first."""
    found = [
        match
        for each in typed
        if (match := NUMBERS.match(_without_zone(_folded(each))[0])) and len(match["one"]) < len("2000")
    ]
    return not any(int(match["two"]) > 12 for match in found)


def _iso(typed: str) -> datetime | None:
    if typed.isdigit():
        return None
    try:
        return datetime.fromisoformat(typed.strip().replace(" UTC", "+00:00"))
    except ValueError:
        return None


def _counted(typed: str) -> datetime | None:
    """Seconds or thousandths since 1970, days of a spreadsheet, or a date without marks."""
    if match := COMPACT.match(typed):
        return _made(*(int(each or 0) for each in match.groups()))
    try:
        number = float(typed)
    except ValueError:
        return None
    if 20_000 <= number < 80_000:
        return SPREADSHEET + timedelta(seconds=round(number * 86_400))
    if 10**8 < number < 10**11:
        return datetime.fromtimestamp(number, UTC)
    return datetime.fromtimestamp(number / 1000, UTC) if 10**11 < number < 10**14 else None


def _told(typed: str, day_first: bool) -> datetime | None:
    typed, zone = _without_zone(UNIX.sub(r"\1 \2 \5 \3 \4", DAYS.sub("", typed)))
    known = _local(typed, day_first)
    return known.replace(tzinfo=zone) if known and zone else known


def _without_zone(typed: str) -> tuple[str, timezone | None]:
    """An hour without what is said of its zone, and that: the letters of Québec and its neighbours, or a difference."""
    match = ZONE.search(typed) if ":" in typed or "h" in typed else None
    if match is None or not match[0].strip(" ()"):
        return typed, None
    hours, minutes = HOURS_OF_ZONES.get(match["zone"] or "", 0), 0
    if by := (match["by"] or "").replace(":", ""):
        sign = -1 if by.startswith("-") else 1
        hours += sign * int(by[1:3])
        minutes = sign * int(by[3:] or 0)
    difference = timedelta(hours=hours, minutes=minutes)
    return (typed[: match.start()], timezone(difference)) if abs(difference) < timedelta(days=1) else (typed, None)


def _local(typed: str, day_first: bool) -> datetime | None:
    if match := MONTH_ONLY.match(typed):
        return _made(int(match[1]), int(match[2]), 1)
    if match := NUMBERS.match(typed):
        one, two, three = int(match["one"]), int(match["two"]), int(match["three"])
        if len(match["one"]) == len("2000"):
            day = (one, two, three)
        elif len(match["three"]) == 1:
            return None
        else:
            year = three if len(match["three"]) == len("2000") else three + (2000 if three < 70 else 1900)
            swapped = (two > 12) or (not day_first and one <= 12)
            day = (year, one, two) if swapped else (year, two, one)
    elif (match := DAY_NAME.match(typed) or NAME_DAY.match(typed)) and match["name"] in BY_NAME:
        day = (int(match["three"]), BY_NAME[match["name"]], int(match["one"]))
    else:
        return None
    hour = int(match["hour"] or 0)
    if match["half"]:
        hour = hour % 12 + (12 if match["half"].startswith("p") else 0)
    return _made(*day, hour, int(match["minute"] or 0), int(match["second"] or 0))


def _made(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - of the zone of its file
    except ValueError:
        return None


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
