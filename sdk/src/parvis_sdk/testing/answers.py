"""Random valid answers to any form, as JSON and as form data, with the files that they name."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import chain
from random import Random
from typing import Any

import phonenumbers
from msgspec import Struct

from parvis_sdk.conditions import holds, limits_of_number
from parvis_sdk.fields import (
    Address,
    AnyField,
    Consent,
    Date,
    Email,
    File,
    Group,
    Information,
    LongText,
    Money,
    Number,
    OneOf,
    Phone,
    Photo,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
)
from parvis_sdk.forms import Form
from parvis_sdk.nothing import NOTHING
from parvis_sdk.problems import Problems
from parvis_sdk.quantities import day_of
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requests import Attachment
from parvis_sdk.testing.places import place_for

TRIES = 500
TODAY = date(2026, 6, 15)
WORDS = (
    "trou", "chaussée", "lampadaire", "l’érable", "œuvre", "près", "de", "la", "rue", "brisé", "depuis", "hier",
    "École", "où", "naïf", "the", "broken", "light", "n° 12", "Saint-Jérôme", "«\u00a0urgent\u00a0»", "<b>", "&amp;",
    "'", '"', "100 %", "🌳", "Ça", "1/2",
)  # fmt: skip


class Answers(Struct, frozen=True, kw_only=True):
    """The same answers as JSON (`native`) and as form data (`page`), and the files that they name."""

    native: dict[str, Any]
    page: dict[str, Any]
    attachments: dict[str, Attachment] = {}


def answers_for(form: Form, random: Random, *, today: date = TODAY) -> Answers:
    """Valid answers to the questions that are shown with these answers; optional ones are sometimes left out.

    >>> answers_for(Form(), Random(1))
    Answers(native={}, page={}, attachments={})
    """
    maker = _Maker(random, today)
    kept: dict[str, Any] = {}
    native: dict[str, Any] = {}
    page: dict[str, Any] = {}
    for section in form.sections:
        if section.show_when is None or holds(section.show_when, kept):
            maker.fill(section.fields, native, page, kept, {})
    return Answers(native=native, page=page, attachments=maker.files)


Pair = tuple[Any, Any]


class _Maker:
    """Makes one pair of answers after the other, and remembers the files that it invented."""

    def __init__(self, random: Random, today: date) -> None:
        self.random = random
        self.today = today
        self.files: dict[str, Attachment] = {}

    def fill(
        self,
        fields: tuple[AnyField, ...],
        native: dict[str, Any],
        page: dict[str, Any],
        kept: dict[str, Any],
        outer: Mapping[str, Any],
    ) -> None:
        """Answers each question in turn; `kept` holds the answers so far, `outer` those outside a group."""
        for field in fields:
            known = {**outer, **kept}
            if isinstance(field, Information) or (field.show_when is not None and not holds(field.show_when, known)):
                continue
            must = field.required or (field.required_when is not None and holds(field.required_when, known))
            if not must and self.random.random() < 0.4:
                continue
            native[field.code], page[field.code] = self.pair(field, known)
            reading = Reading(today=self.today, attachments=self.files)
            value = read_value(field, native[field.code], field.code, reading, known)
            for number in range(TRIES if field.checks else 0):
                if not isinstance(value, Problems):
                    break
                near = self.near(field, known) if number % 2 else None
                native[field.code], page[field.code] = near or self.pair(field, known)
                value = read_value(field, native[field.code], field.code, reading, known)
            if isinstance(value, Problems):
                raise AssertionError(f"no right answer was found for the question {field.code!r}: {value.found}")
            if value is not NOTHING:
                kept[field.code] = value

    def near(self, field: AnyField, known: Mapping[str, Any]) -> Pair | None:
        """An answer close to those that its checks compare it with; a purely random one would rarely pass."""
        if isinstance(field, Date):
            return self.day_near(known)
        if not isinstance(field, Number | Money):
            return None
        limits = [limit for check in field.checks for limit in limits_of_number(check.must, field.code, known)]
        if not limits:
            return None
        return _as_asked(Decimal(repr(self.random.choice(limits))) + self.random.choice((-1, 0, 0, 1)), field)

    def day_near(self, known: Mapping[str, Any]) -> Pair | None:
        """A date close to an earlier answer with which a check compares it."""
        days = [day for value in known.values() if isinstance(value, str) and (day := day_of(value))]
        if not days:
            return None
        near = (self.random.choice(days) + timedelta(days=self.random.randint(-30, 60))).isoformat()
        return near, near

    def pair(self, field: AnyField, known: Mapping[str, Any]) -> Pair:
        """One valid answer, as JSON and as form data."""
        if isinstance(field, Group):
            return self.group(field, known)
        if isinstance(field, Photo | File):
            return self.file_ids(field)
        return MAKERS[type(field)](field, self)

    def words(self, least: int, most: int) -> str:
        """A random text within the limits of length, in characters."""
        text = self.random.choice(WORDS)
        while len(text) < least or (self.random.random() < 0.8 and len(text) < 120):
            text = f"{text} {self.random.choice(WORDS)}"
        text = text[:most].strip()
        return text if len(text) >= max(1, least) else (text + "x" * most)[: max(1, least)]

    def group(self, field: Group, known: Mapping[str, Any]) -> Pair:
        """A few rows of a repeating group, numbered in form data."""
        rows: list[dict[str, Any]] = []
        numbered: dict[str, Any] = {}
        while (
            not rows
            or len(rows) < field.least
            or (len(rows) < min(field.most, field.least + 3) and self.random.random() < 0.5)
        ):
            native: dict[str, Any] = {}
            page: dict[str, Any] = {}
            while not native:
                self.fill(field.fields, native, page, {}, known)
            numbered[str(len(rows))] = page
            rows.append(native)
        return rows, numbered

    def file_ids(self, field: Photo | File) -> Pair:
        """Ids of files of an accepted kind and size, received before the form is sent."""
        ids: list[str] = []
        for _ in range(self.random.randint(max(1, field.least), max(1, field.least, min(field.most, 3)))):
            kind = self.random.choice(field.kinds)
            id = f"file-{len(self.files) + 1}"
            self.files[id] = Attachment(id=id, name=f"é {id}", kind=kind, size=self.random.randint(1, field.max_size))
            ids.append(id)
        return ids, ids


def _as_asked(number: Decimal, field: Number | Money) -> Pair:
    if isinstance(field, Money):
        return int(number), f"{Decimal(int(number)) / 100:.2f}"
    number = round(number, field.decimals)
    return (float(number) if field.decimals else int(number)), f"{number:f}"


def _short_text(field: ShortText, maker: _Maker) -> Pair:
    words = " ".join(maker.words(field.min_length, field.max_length).split())
    if field.pattern:
        words = matching(field, maker.random)
    return words, f"  {words} "


def matching(field: ShortText, random: Random) -> str:
    """A text that matches the pattern of a question: its example, or a generated one."""
    examples = [field.example.fr, field.example.to("en")] if field.example is not None else []
    made = made_to(field.pattern, random, 10 if examples else 300)
    for words in chain(examples[:1] if random.random() < 0.5 else (), made, examples):
        fits = max(1, field.min_length) <= len(words) <= field.max_length
        if fits and words == " ".join(words.split()) and re.fullmatch(field.pattern, words):
            return str(words)
    raise AssertionError(f"no words were found for the pattern of {field.code!r}: give it an example that matches")


def made_to(pattern: str, random: Random, times: int) -> Iterator[str]:
    """A random text for a pattern; None if the pattern has an assertion, such as `(?!...)`."""
    from rstr import Rstr

    maker = Rstr(random)
    try:
        for _ in range(times):
            yield maker.xeger(pattern)
    except KeyError:
        return


def _long_text(field: LongText, maker: _Maker) -> Pair:
    words = maker.words(field.min_length, field.max_length)
    return words, words.replace("\n", "\r\n")


def _email(field: Email, maker: _Maker) -> Pair:
    words = f"{maker.random.choice(('marie', 'jean-luc', 'o.neil+ville'))}{maker.random.randint(1, 999)}@exemple.com"
    return words, f" {words.replace('exemple', 'EXEMPLE')}"


def _phone(field: Phone, maker: _Maker) -> Pair:
    if field.region == "CA":
        last = f"{maker.random.randint(0, 9999):04}"
        return f"+1450555{last}", maker.random.choice((f"450 555-{last}", f"(450) 555-{last}", f"1.450.555.{last}"))
    number = phonenumbers.example_number(field.region) or phonenumbers.PhoneNumber(1, 4505550199)
    forms = (phonenumbers.PhoneNumberFormat.E164, phonenumbers.PhoneNumberFormat.NATIONAL)
    native, page = (phonenumbers.format_number(number, form) for form in forms)
    return native, page


def _number(field: Number, maker: _Maker) -> Pair:
    scale = Decimal(10) ** field.decimals
    low = Decimal(repr(field.least)) if field.least is not None else None
    high = Decimal(repr(field.most)) if field.most is not None else None
    low = low if low is not None else min(Decimal(-1000), high or Decimal(0))
    high = high if high is not None else max(Decimal(1000), low + 1000)
    lowest = int((low * scale).to_integral_value(ROUND_CEILING))
    number = maker.random.randint(lowest, int((high * scale).to_integral_value(ROUND_FLOOR))) / scale
    words = f"{number:f}"
    page = maker.random.choice((words, words.replace(".", ","), f" {words}\u00a0"))
    return (float(number) if field.decimals else int(number)), page


def _money(field: Money, maker: _Maker) -> Pair:
    low = field.least if field.least is not None else -100_000
    cents = maker.random.randint(low, field.most if field.most is not None else low + 1_000_000)
    sign, whole, rest = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    french = f"{whole:,}".replace(",", "\u00a0")
    return cents, maker.random.choice((f"{sign}{whole}.{rest:02}", f"{sign}{french},{rest:02}\u00a0$"))


def _date(field: Date, maker: _Maker) -> Pair:
    low = field.earliest if field.earliest is not None else (field.latest or 0) - 400
    high = field.latest if field.latest is not None else low + 800
    day = maker.today + timedelta(days=maker.random.randint(low, high))
    parts = {"year": str(day.year), "month": str(day.month), "day": f" {day.day:02}"}
    return day.isoformat(), maker.random.choice((parts, day.isoformat()))


def _time(field: Time, maker: _Maker) -> Pair:
    hour, minute = maker.random.randrange(24), maker.random.randrange(60)
    return f"{hour:02}:{minute:02}", maker.random.choice((f"{hour}:{minute:02}", f"{hour} h {minute:02}"))


def _yes_no(field: YesNo, maker: _Maker) -> Pair:
    return maker.random.choice(((True, "yes"), (True, "oui"), (False, "no"), (False, "non")))


def _consent(field: Consent, maker: _Maker) -> Pair:
    return True, maker.random.choice(("on", "yes", "1"))


def _one_of(field: OneOf, maker: _Maker) -> Pair:
    code = maker.random.choice(field.options).code
    return code, code


def _several_of(field: SeveralOf, maker: _Maker) -> Pair:
    least = max(1, field.least)
    most = len(field.options) if field.most is None else min(field.most, len(field.options))
    chosen = maker.random.sample(
        [option.code for option in field.options], maker.random.randint(least, max(least, most))
    )
    return chosen, chosen if len(chosen) > 1 or maker.random.random() < 0.5 else chosen[0]


def _address(field: Address, maker: _Maker) -> Pair:
    words = f"{maker.random.randint(1, 9999)}, rue des Érables"[: field.max_length]
    return words, f"{words}  "


def _place(field: PlaceField, maker: _Maker) -> Pair:
    return place_for(field.shapes, maker.random)


MAKERS: dict[type, Callable[[Any, _Maker], Pair]] = {
    Address: _address,
    Consent: _consent,
    Date: _date,
    Email: _email,
    LongText: _long_text,
    Money: _money,
    Number: _number,
    OneOf: _one_of,
    Phone: _phone,
    PlaceField: _place,
    SeveralOf: _several_of,
    ShortText: _short_text,
    Time: _time,
    YesNo: _yes_no,
}
