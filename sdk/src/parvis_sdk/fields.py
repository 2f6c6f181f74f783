"""The kinds of question that a form may ask; each is plain data that can be stored, shown, read and described."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from parvis_sdk.conditions import Condition
from parvis_sdk.text import Text


class Sensitivity(StrEnum):
    """Who an answer may ever reach."""

    PUBLIC = "public"  # anyone, on the public page and in open data
    INTERNAL = "internal"  # the requester and the people who work on the request
    PERSONAL = "personal"  # the same, never in logs, exports, search or subscriptions that did not ask for it
    SENSITIVE = "sensitive"  # only people with the right to see it, by a reveal: for a reason that is written down


class Privacy(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an answer is protected: why it is asked, who may see it, how long it is kept.

    `identifies` marks what tells who somebody is (a home address, a plate, a name): where the requester is not named
    openly, people of the town see it only by a reveal, as they see who asked.
    """

    sensitivity: Sensitivity = Sensitivity.INTERNAL
    purpose: Text | None = None
    audience: tuple[str, ...] = ()
    retention_days: int | None = None
    identifies: bool = False


PUBLIC = Privacy(sensitivity=Sensitivity.PUBLIC)
INTERNAL = Privacy()
PERSONAL = Privacy(sensitivity=Sensitivity.PERSONAL)
SENSITIVE = Privacy(sensitivity=Sensitivity.SENSITIVE)


class Check(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A condition that an answer must meet, with those before it, and the sentence shown if it does not.

    It is evaluated once everything that it uses is answered; `TODAY` is the day in the town. A check of a step may use
    earlier answers of the request. A sentence may name a day, a number or an amount that was answered:
    `{starts_on}`, `{people}`.
    """

    must: Condition
    says: Text


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every question has. `code` is its stable key; a hidden question (`show_when` false) is never stored.

    `means` names what is asked, alike in every type that asks it under whatever code: when a request turns out to be of
    another type, its answers go along by meaning. Of two questions with one code and other meanings nothing goes along.
    `checks` compare the answer with those before it, or with today.
    """

    code: str
    label: Text
    help: Text | None = None
    example: Text | None = None
    autocomplete: str = ""
    required: bool = True
    required_when: Condition | None = None
    show_when: Condition | None = None
    privacy: Privacy = INTERNAL
    means: str = ""
    checks: tuple[Check, ...] = ()


class ShortText(Field, frozen=True, kw_only=True, omit_defaults=True, tag="short_text"):
    """One line of text. `pattern` is a regular expression that the whole answer must match."""

    min_length: int = 0
    max_length: int = 200
    pattern: str = ""


class LongText(Field, frozen=True, kw_only=True, omit_defaults=True, tag="long_text"):
    """Several lines of text."""

    min_length: int = 0
    max_length: int = 4000
    rows: int = 5


class Email(Field, frozen=True, kw_only=True, omit_defaults=True, tag="email"):
    """An e-mail address, kept as written with its domain in small letters."""


class Phone(Field, frozen=True, kw_only=True, omit_defaults=True, tag="phone"):
    """A telephone number, kept in E.164 form ("+14505550199"); `region` reads numbers without a country code."""

    region: str = "CA"


LARGEST = 10**12
"""The largest number, and the largest amount in cents, where a field names no other limit: ten thousand million
dollars, far beyond what any town asks for, and far below what a column of a database, a fee or a browser can hold."""
LARGEST_DECLARED = 10**15 - 1  # what a field may declare: every reader still tells these apart from their neighbours


class Number(Field, frozen=True, kw_only=True, omit_defaults=True, tag="number"):
    """A number: an int when `decimals` is 0, else a float rounded to that many decimals. `unit` is shown after it.

    Without limits of its own it goes from -`LARGEST` to `LARGEST`.
    """

    least: float | None = None
    most: float | None = None
    decimals: int = 0
    unit: Text | None = None


class Money(Field, frozen=True, kw_only=True, omit_defaults=True, tag="money"):
    """An amount, kept as an integer number of cents of `currency`; limits are in cents, `LARGEST` without others.

    A program sends and reads those same cents; a person writes "1 500,50 $", and only a page reads that.
    """

    least: int | None = 0
    most: int | None = None
    currency: str = "CAD"


def limits_of(field: "Number | Money") -> tuple[float, float]:
    """The least and the most that a field takes, also where it names none."""
    least = -LARGEST if field.least is None else field.least
    return least, LARGEST if field.most is None else field.most


class Date(Field, frozen=True, kw_only=True, omit_defaults=True, tag="date"):
    """A day, kept as "2026-11-25". Limits are counted in days from today: `latest=0` is "not in the future"."""

    earliest: int | None = None
    latest: int | None = None


class Time(Field, frozen=True, kw_only=True, omit_defaults=True, tag="time"):
    """A time of day, kept as "14:30"."""


class YesNo(Field, frozen=True, kw_only=True, omit_defaults=True, tag="yes_no"):
    """Yes or no, kept as a bool."""


class Option(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the answers offered; `code` is kept, `label` is shown."""

    code: str
    label: Text
    help: Text | None = None


class OneOf(Field, frozen=True, kw_only=True, omit_defaults=True, tag="one_of"):
    """One answer among several, kept as its code."""

    options: tuple[Option, ...]


class SeveralOf(Field, frozen=True, kw_only=True, omit_defaults=True, tag="several_of"):
    """Several answers among those offered, kept as a list of codes in the order of the options."""

    options: tuple[Option, ...]
    least: int = 0
    most: int | None = None


class Address(Field, frozen=True, kw_only=True, omit_defaults=True, tag="address"):
    """A civic address other than the place of the request, kept as text of one line."""

    max_length: int = 200


Shape = Literal["point", "line", "polygon"]


class PlaceField(Field, frozen=True, kw_only=True, omit_defaults=True, tag="place"):
    """A place on the map other than that of the request, kept as `{"lon", "lat", "address", "geometry"}`."""

    shapes: tuple[Shape, ...] = ("point",)


PHOTO_KINDS = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/avif")
DOCUMENT_KINDS = ("application/pdf", *PHOTO_KINDS)


class Photo(Field, frozen=True, kw_only=True, omit_defaults=True, tag="photo"):
    """Photos, kept as a list of attachment ids. `max_size` is in bytes for each file."""

    kinds: tuple[str, ...] = PHOTO_KINDS
    max_size: int = 15_000_000
    least: int = 0
    most: int = 5


class File(Field, frozen=True, kw_only=True, omit_defaults=True, tag="file"):
    """Documents, kept as a list of attachment ids. `max_size` is in bytes for each file."""

    kinds: tuple[str, ...] = DOCUMENT_KINDS
    max_size: int = 20_000_000
    least: int = 0
    most: int = 5


class Group(Field, frozen=True, kw_only=True, omit_defaults=True, tag="group"):
    """The same few questions asked again for each thing (each lamp, each tree); kept as a list of answers."""

    fields: "tuple[AnyField, ...]"
    item: Text
    least: int = 1
    most: int = 10


class Consent(Field, frozen=True, kw_only=True, omit_defaults=True, tag="consent"):
    """A box to tick. `statement` is what is agreed to; when required, nothing is sent without it."""

    statement: Text


class Information(Field, frozen=True, kw_only=True, omit_defaults=True, tag="information"):
    """Words between questions; nothing is asked and nothing kept. `tone` is "info" or "warning"."""

    body: Text
    required: bool = False
    tone: Literal["info", "warning"] = "info"


class PlaceFact(Information, frozen=True, kw_only=True, omit_defaults=True, tag="place_fact"):
    """A fact about the place from the town's data: never asked, stored with the answers, usable in conditions.

    `layer` is one of the town's layers (zoning, flood plain) and `name` the fact in it: words, a number, true or false.
    `options` give words to codes. A town without the layer, or a place outside of it, leaves it unanswered.
    """

    layer: str
    name: str
    options: tuple[Option, ...] = ()
    unit: Text | None = None
    body: Text = Text(fr="Selon les données de la Ville.", en="According to the town’s data.")


AnyField = (
    ShortText
    | LongText
    | Email
    | Phone
    | Number
    | Money
    | Date
    | Time
    | YesNo
    | OneOf
    | SeveralOf
    | Address
    | PlaceField
    | Photo
    | File
    | Group
    | Consent
    | Information
    | PlaceFact
)


OF_ONESELF = (
    "name",
    "given-name",
    "family-name",
    "tel",
    "email",
    "street-address",
    "address-line1",
    "bday",
)
"""What a browser fills in about its user: values of `autocomplete`."""


def identifies(field: AnyField) -> bool:
    """Whether an answer identifies a person: by its declaration, or because it is a contact detail.

    >>> identifies(Phone(code="phone", label=Text(fr="Téléphone")))
    True
    """
    return field.privacy.identifies or isinstance(field, Email | Phone) or field.autocomplete in OF_ONESELF
