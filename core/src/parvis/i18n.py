"""The language spoken to one person: catalogues, the formats of dates, money and numbers, and the town's time zone."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from math import inf
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec
import phonenumbers
from babel import Locale, dates, lists, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from babel.units import format_unit
from markupsafe import Markup

from parvis_sdk.text import Text

LANGUAGES = ("fr", "en")
FIRST_LANGUAGE = "fr"
TIME_ZONE = "America/Toronto"
LOCALES = {"fr": "fr_CA", "en": "en_CA"}
ALMOST = 0.95  # of a unit is said as one
ALMOST_A_DAY, EIGHT_DAYS = ALMOST * 86_400, 8 * 86_400  # seconds
NAMES = {"fr": "Français", "en": "English"}
CORE_LOCALE = Path(__file__).parent / "locale"


class KeptWords(dict[str | tuple[str, str], Markup]):
    """What pages say without any values, by the message or by its context and the message; made when first said."""

    def __init__(self, translations: Translations) -> None:
        self.translations = translations
        self.questions: dict[Any, tuple[Markup, Any]] = {}  # of forms without answers, by what they are drawn from

    def __missing__(self, key: str | tuple[str, str]) -> Markup:
        message = self.translations.gettext(key) if isinstance(key, str) else self.translations.pgettext(*key)
        return self.setdefault(key, Markup(message) % {})  # noqa: S704 - of a catalogue


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """In what language, and in what time zone, we speak at this moment."""

    language: str
    time_zone: str
    translations: Translations
    words: KeptWords

    @property
    def locale(self) -> Locale:
        return locale_of(self.language)


@cache
def locale_of(language: str) -> Locale:
    return Locale.parse(LOCALES.get(language, language))


_voice: ContextVar[Voice | None] = ContextVar("voice", default=None)


class Catalogues:
    """The messages of the host and of every plugin, read once at start-up; where both have one, the host's is said."""

    def __init__(self, plugins: Mapping[str, Path] | None = None, languages: Sequence[str] = LANGUAGES) -> None:
        folders = {**(plugins or {}), "parvis": CORE_LOCALE}
        self._words = {language: KeptWords(read_catalogues(folders, language)) for language in languages}

    def voice(self, language: str, time_zone: str = TIME_ZONE) -> Voice:
        language = language if language in self._words else FIRST_LANGUAGE
        words = self._words[language]
        return Voice(language=language, time_zone=time_zone, translations=words.translations, words=words)

    @contextmanager
    def speaking(self, language: str, time_zone: str = TIME_ZONE) -> Iterator[Voice]:
        """Everything said inside the block is said in this language and this time zone."""
        token = speak(self.voice(language, time_zone))
        try:
            yield current()
        finally:
            _voice.reset(token)


def read_catalogues(folders: Mapping[str, Path], language: str) -> Translations:
    """The catalogues of all domains as one; a later folder wins over an earlier one."""
    together = Translations()
    for domain, folder in folders.items():
        path = folder / language / "LC_MESSAGES" / f"{domain}.po"
        if path.is_file():
            one = compiled(path.read_bytes(), language, domain)
            together.merge(one)
            together.plural = one.plural
    return together


@lru_cache(maxsize=64)
def compiled(source: bytes, language: str, domain: str) -> Translations:
    """One catalogue as it is looked up, made once for the same words."""
    written = BytesIO()
    write_mo(written, read_po(BytesIO(source), locale=language))
    written.seek(0)
    return Translations(written, domain)


@cache
def core_catalogues() -> Catalogues:
    return Catalogues()


def speak(voice: Voice) -> Token[Voice | None]:
    """Sets the voice for the rest of this context; a middleware does it for each request."""
    return _voice.set(voice)


def silence(token: Token[Voice | None]) -> None:
    """Back to the voice that was there before."""
    _voice.reset(token)


def current() -> Voice:
    return _voice.get() or core_catalogues().voice(FIRST_LANGUAGE)


@contextmanager
def speaking(language: str, time_zone: str = TIME_ZONE) -> Iterator[Voice]:
    """As `Catalogues.speaking`, with the host's own messages only: for mail, commands and tests."""
    with core_catalogues().speaking(language, time_zone) as voice:
        yield voice


def in_each(time_zone: str, words: Callable[[], str]) -> Text:
    """The same words as they are said in each language."""
    said = {}
    for each in LANGUAGES:
        with speaking(each, time_zone):
            said[each] = words()
    return Text(fr=said["fr"], en=said["en"])


def language() -> str:
    return current().language


# Messages. The keys are English; what is missing from a catalogue is said as it stands.


def gettext(message: str) -> str:
    return current().translations.gettext(message)


def ngettext(singular: str, plural: str, num: int) -> str:
    return current().translations.ngettext(singular, plural, num)


def pgettext(context: str, message: str) -> str:
    return str(current().translations.pgettext(context, message))


def npgettext(context: str, singular: str, plural: str, num: int) -> str:
    return str(current().translations.npgettext(context, singular, plural, num))


def say(text: Text | str | None) -> str:
    """A text of content in the current language."""
    return text.to((_voice.get() or current()).language) if isinstance(text, Text) else (text or "")


# Formats.


def language_title(code: str) -> str:
    """What the reader calls a language; by its own name it is called in `NAMES`, for those who look for theirs."""
    return str(current().locale.languages.get(code, code)).capitalize()


def local(moment: datetime) -> datetime:
    """The same instant on the town's wall clock."""
    if moment.tzinfo is None:
        raise ValueError("a time without time zone cannot be shown")
    return moment.astimezone(ZoneInfo(current().time_zone))


def local_day(moment: date | datetime) -> date:
    return local(moment).date() if isinstance(moment, datetime) else moment


def format_date(moment: date | datetime | str, length: str = "long") -> str:
    """25 novembre 2026; `length` may be "short" (2026-11-25), "medium", "long" or "full" (with the weekday)."""
    day = date.fromisoformat(moment) if isinstance(moment, str) else local_day(moment)
    return _day_said(day, length, language())


@lru_cache(maxsize=2000)
def _day_said(day: date, length: str, language: str) -> str:
    """The same few days stand in all lines of a list."""
    return _first(str(dates.format_date(day, format=length, locale=locale_of(language))), language)


def format_month_day(moment: date | datetime) -> str:
    """A day of this year in a narrow place: 25 nov."""
    return _month_day_said(local_day(moment), language())


@lru_cache(maxsize=2000)
def _month_day_said(day: date, language: str) -> str:
    pattern = {"fr": "d MMM", "en": "MMM d"}.get(language, "d MMM")
    return _first(str(dates.format_date(day, format=pattern, locale=locale_of(language))), language)


def format_month(day: date) -> str:
    """novembre 2026."""
    return str(dates.format_date(day, format="LLLL y", locale=current().locale))


def format_day(moment: date | datetime, today: date | datetime | None = None) -> str:
    """A day with its weekday, and its year where that is not the year of `today`: mercredi 25 novembre."""
    day = local_day(moment)
    pattern = "EEEE, MMMM d" if language() == "en" else "EEEE d MMMM"
    if today is not None and day.year != local_day(today).year:
        pattern += ", y" if language() == "en" else " y"
    return _first(str(dates.format_date(day, format=pattern, locale=current().locale)), language())


def _first(day: str, language: str) -> str:
    """French says the first of a month as an ordinal: 1er décembre."""
    return re.sub(r"(?<!\S)1(?=\s[^\W\d])", "1er", day) if language == "fr" else day


def format_time(moment: datetime | time | str) -> str:
    """8 h 30."""
    if isinstance(moment, str):
        moment = time.fromisoformat(moment)
    here = local(moment).time() if isinstance(moment, datetime) else moment
    return _time_said(here.replace(second=0, microsecond=0), language())


@lru_cache(maxsize=2000)
def _time_said(here: time, language: str) -> str:
    locale = locale_of(language)
    # Babel writes 08 h 30 and 12 h 00; usage in Quebec is 8 h 30 and 12 h.
    pattern = ("H\u00a0'h'\u00a0mm" if here.minute else "H\u00a0'h'") if locale.language == "fr" else "short"
    return str(dates.format_time(here, format=pattern, locale=locale))


def format_datetime(moment: datetime, length: str = "long") -> str:
    """25 novembre 2026 à 14 h 30."""
    return pgettext("date and time", "%(day)s at %(time)s") % {
        "day": format_date(moment, length),
        "time": format_time(moment),
    }


def format_relative(moment: datetime, now: datetime) -> str:
    """il y a 3 heures, dans 2 jours: days are those of the calendar, whatever the hour of each."""
    seconds = (moment - now).total_seconds()
    if abs(seconds) < 60:
        return gettext("just now")
    if ALMOST_A_DAY <= abs(seconds) < EIGHT_DAYS and (days := abs((local_day(moment) - local_day(now)).days)) < 7:
        return _span_said("day", days or 1, seconds > 0, language())
    unit, length = next(each for each in dates.TIMEDELTA_UNITS if abs(seconds) >= ALMOST * each[1])
    return _span_said(unit, round(abs(seconds) / length), seconds > 0, language())


@lru_cache(maxsize=2000)
def _span_said(unit: Any, count: int, ahead: bool, language: str) -> str:
    """So many of one unit ago, or from now: what Babel says where nothing else may be said."""
    span = timedelta(seconds=count * dict(dates.TIMEDELTA_UNITS)[unit] * (1 if ahead else -1))
    locale = locale_of(language)
    return str(dates.format_timedelta(span, granularity=unit, threshold=inf, add_direction=True, locale=locale))


def format_duration(duration: timedelta | float) -> str:
    """3 jours, 2 heures; a plain number is seconds."""
    length = duration if isinstance(duration, timedelta) else timedelta(seconds=duration)
    hours = int(abs(length).total_seconds()) // 3600
    units = [("day", hours // 24), ("hour", hours % 24)] if hours < 24 * 10 else [("day", round(hours / 24))]
    said = [numbers_of(amount, unit) for unit, amount in units if amount]
    return str(lists.format_list(said, style="unit", locale=current().locale)) if said else minutes_of(length)


def numbers_of(amount: int, unit: str) -> str:
    return str(format_unit(amount, f"duration-{unit}", locale=current().locale))


def minutes_of(length: timedelta) -> str:
    return numbers_of(round(abs(length).total_seconds() / 60), "minute")


def format_number(number: float, decimals: int | None = None) -> str:
    return _number_said(number, decimals, language())


@lru_cache(maxsize=2000, typed=True)
def _number_said(number: float, decimals: int | None, language: str) -> str:
    """A page of figures says the same few numbers hundreds of times."""
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(numbers.format_decimal(number, format=pattern, locale=locale_of(language)))


def format_percent(share: float, decimals: int = 0) -> str:
    return _share_said(share, decimals, language())


@lru_cache(maxsize=2000, typed=True)
def _share_said(share: float, decimals: int, language: str) -> str:
    locale = locale_of(language)
    pattern = locale.percent_formats[None].pattern
    wanted = pattern.replace("#,##0", "#,##0" + ("." + "0" * decimals if decimals else ""))
    return str(numbers.format_percent(share, format=wanted, locale=locale))


def format_money(cents: int, currency: str = "CAD") -> str:
    """1 234,50 $, of a whole number of cents."""
    return str(numbers.format_currency(Decimal(cents) / 100, currency, locale=current().locale))


def format_list(words: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """a, b et c, or a, b ou c; with semicolons where one of them has an "et" of its own."""
    if style == "standard" and len(words) > 1 and any({"et", "and"} & set(each.split()) for each in words):
        return "; ".join(words)
    return str(lists.format_list(list(words), style, locale=current().locale))


def format_size(octets: int) -> str:
    """3,4 Mo."""
    for limit, unit in ((1_000_000, pgettext("unit", "MB")), (1_000, pgettext("unit", "kB"))):
        if octets >= limit:
            return f"{format_number(octets / limit, 1 if octets < 10 * limit else 0)}\u00a0{unit}"
    unit = pgettext("unit", "bytes")
    return f"{octets}\u00a0{unit}"


def format_phone(number: str, region: str = "CA") -> str:
    """450 555-0199, as Québec writes it; a number we cannot read comes back as it is."""
    try:
        parsed = phonenumbers.parse(number.replace("poste", "ext."), region)
    except phonenumbers.NumberParseException:
        return number
    if not phonenumbers.is_possible_number(parsed):
        return number
    if parsed.country_code != 1 or len(digits := str(parsed.national_number)) != 10:
        return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))
    shown = f"{digits[:3]}\u00a0{digits[3:6]}-{digits[6:]}"
    word = pgettext("telephone", "ext.")
    return f"{shown} {word}\u00a0{parsed.extension}" if parsed.extension else shown


def as_utc(moment: datetime) -> str:
    """For the `datetime` attribute of `<time>`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
