"""Fills in any form as a person of the demo would: what the story says where it fits, something plausible elsewhere."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from parvis_sdk.checks import failed_checks
from parvis_sdk.conditions import holds, limits_of_number, looks_at
from parvis_sdk.fields import (
    Address,
    AnyField,
    Consent,
    Date,
    Email,
    File,
    Group,
    LongText,
    Money,
    Number,
    OneOf,
    Phone,
    Photo,
    PlaceFact,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
)
from parvis_sdk.forms import Form
from parvis_sdk.quantities import decimal_of

TELLING = ("reason", "description", "findings", "note", "explanation")  # where the words of a story belong
LINES = {
    "contractor": ("Collectes du Nord inc.", "Électro-Rue ltée", "Déneigement Laurentien"),
    "work_order": ("BT-{year}-{number:05}",),
    "owner": ("Ministère des Transports et de la Mobilité durable",),
}
DELAYS = {"valid_until": (150, 240), "plant_before": (300, 360)}  # days, where the form only says that it lies ahead
UNNAMED = ("Voir les précisions",)


class FormSource(msgspec.Struct, frozen=True, kw_only=True):
    """What a form is filled in from."""

    words: str
    facts: Mapping[str, Any]
    address: str
    home: str
    lon: float
    lat: float
    email: str
    phone: str
    today: date
    known: Mapping[str, Mapping[str, Any]] = {}  # what the town's layers say of the place


def answers_to(form: Form, told: FormSource, chance: Random) -> dict[str, Any]:
    """Answers to the questions that these very answers leave shown, files left out."""
    shown: dict[str, Any] = {}
    filler = Filler(told, chance)
    for section in form.sections:
        if section.show_when is None or holds(section.show_when, shown):
            filler.fill(section.fields, shown)
    place_words(form, told.words, shown)
    return shown


def file_fields(form: Form, answers: Mapping[str, Any]) -> tuple[Photo | File, ...]:
    """The questions for files that these answers leave shown."""
    return tuple(field for field in form.visible(answers) if isinstance(field, Photo | File))


def place_words(form: Form, words: str, answers: dict[str, Any]) -> None:
    """Put the words of the story into the long text made for them: one with a usual code, or the first there is."""
    if not words:
        return
    texts = [(field, answers) for field in form.visible(answers) if isinstance(field, LongText)]
    for group in form.visible(answers):
        if isinstance(group, Group) and answers.get(group.code):
            texts += [(field, answers[group.code][0]) for field in group.fields if isinstance(field, LongText)]
    texts.sort(key=lambda text: TELLING.index(text[0].code) if text[0].code in TELLING else len(TELLING))
    for field, place in texts[:1]:
        place[field.code] = words[: field.max_length]


class Filler:
    """Answers one question after the other."""

    def __init__(self, told: FormSource, chance: Random) -> None:
        self.told = told
        self.chance = chance

    def fill(self, fields: tuple[AnyField, ...], answers: dict[str, Any], within: str = "") -> None:
        for field in fields:
            if field.show_when is not None and not holds(field.show_when, answers):
                continue
            needed = field.required or (field.required_when is not None and holds(field.required_when, answers))
            value = self.value(field, needed, self.told.facts.get(within + field.code))
            if isinstance(field, Date) and value is not None:
                value = self.in_order(field, str(value), answers)
            if isinstance(field, Number | Money) and value is not None:
                value = self.within_limits(field, value, answers)
            if value is not None:
                answers[field.code] = value

    def in_order(self, field: Date, day: str, answers: Mapping[str, Any]) -> str:
        """The day, or the last of those before it, which its checks compare it with."""
        wrong = failed_checks(field, day, field.code, answers, self.told.today)
        compared = {code for check in field.checks for code in looks_at(check.must)} & answers.keys()
        return max(day, *(str(answers[code]) for code in compared)) if wrong and compared else day

    def within_limits(self, field: Number | Money, value: Any, answers: Mapping[str, Any]) -> Any:
        """The number, or one of those that its checks compare it with."""
        number = decimal_of(value) or Decimal(0)
        number = number * 100 if isinstance(field, Money) else number
        if not failed_checks(field, int(number), field.code, answers, self.told.today):
            return value
        limits = [limit for check in field.checks for limit in limits_of_number(check.must, field.code, answers)]
        right = (each for each in limits if not failed_checks(field, each, field.code, answers, self.told.today))
        limit = next(right, None)
        return value if limit is None else in_words(limit / 100) if isinstance(field, Money) else limit

    def value(self, field: AnyField, needed: bool, fact: Any) -> Any:
        if fact is not None and fits(field, fact):
            return in_words(fact) if isinstance(field, Money) else fact
        if isinstance(field, PlaceFact):
            return self.told.known.get(field.layer, {}).get(field.name)
        if not needed and (isinstance(field, LongText | Email | Phone | Money) or self.chance.random() < 0.4):
            return None
        match field:
            case OneOf(options=options):
                return self.chance.choice(options).code
            case SeveralOf(options=options, least=least):
                return [option.code for option in self.chance.sample(options, max(1, least))]
            case Group():
                return [answers for answers in self.items(field)]
            case YesNo():
                return self.chance.random() < 0.15
            case Consent():
                return True
        return self.typed(field, needed)

    def typed(self, field: AnyField, needed: bool) -> Any:
        """What is written rather than chosen."""
        match field:
            case ShortText(code=code, max_length=longest, pattern=pattern):
                lines = LINES.get(code, () if pattern or not needed else UNNAMED)
                line = self.chance.choice(lines) if lines else ""
                return line.format(year=self.told.today.year, number=self.chance.randint(1, 999))[:longest] or None
            case LongText(max_length=longest):
                return (self.told.words or UNNAMED[0])[:longest]
            case Number():
                return self.amount(field)
            case Money():
                return in_words(self.amount(field))
            case Date():
                return self.day(field).isoformat()
            case Time():
                return self.chance.choice(("06:30", "07:15", "20:45", "21:30"))
            case Address(code=code):
                return self.told.home if "home" in code else self.told.address
            case PlaceField():
                return {"lon": self.told.lon, "lat": self.told.lat, "address": self.told.address}
            case Email():
                return self.told.email or "personne@example.org"
            case Phone():
                return self.told.phone or "450 555-0199"
        return None

    def items(self, group: Group) -> Iterator[dict[str, Any]]:
        for _ in range(max(1, group.least)):
            answers: dict[str, Any] = {}
            self.fill(group.fields, answers, f"{group.code}.")
            yield answers

    def amount(self, field: Number | Money) -> int:
        """A modest number between the limits; money in dollars."""
        scale = 100 if isinstance(field, Money) else 1
        least = int((field.least if field.least is not None else 1) / scale)
        most = int((field.most if field.most is not None else least * 4 + 40) / scale)
        return self.chance.randint(least, max(least, min(most, least * 3 + 2)))

    def day(self, field: Date) -> date:
        if field.code in DELAYS:
            return self.told.today + timedelta(days=self.chance.randint(*DELAYS[field.code]))
        earliest = -4 if field.earliest is None else field.earliest
        latest = earliest + 6 if field.latest is None else field.latest
        first = max(earliest, latest - 4) if latest <= 0 else min(earliest + 1, latest)
        return self.told.today + timedelta(days=self.chance.randint(first, max(first, min(latest, first + 4))))


def in_words(dollars: float) -> str:
    """An amount as people write it."""
    return f"{dollars:.2f}"


def fits(field: AnyField, fact: Any) -> bool:
    """Whether a fact of a story is one of the answers that the question offers."""
    match field:
        case OneOf(options=options):
            return any(option.code == fact for option in options)
        case SeveralOf(options=options):
            codes = {option.code for option in options}
            return isinstance(fact, list) and codes.issuperset(fact)
        case YesNo():
            return isinstance(fact, bool)
        case Number() | Money():
            return isinstance(fact, int | float) and not isinstance(fact, bool)
        case ShortText() | LongText() | Date() | Time():
            return isinstance(fact, str)
    return False
