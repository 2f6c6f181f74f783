"""How one raw value, typed by a person or sent as JSON, becomes a clean answer or the problems it has."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import singledispatch
from itertools import islice
from typing import Any

import phonenumbers
from msgspec import Struct

from parvis_sdk.amounts import whole_dollars_shown
from parvis_sdk.checks import failed_checks
from parvis_sdk.cleaning import MOST_PARTS, clean, cleaned
from parvis_sdk.conditions import holds
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
    PlaceFact,
    PlaceField,
    SeveralOf,
    ShortText,
    Time,
    YesNo,
    limits_of,
)
from parvis_sdk.nothing import NOTHING
from parvis_sdk.places import place_fact, read_place
from parvis_sdk.problems import MESSAGES, Problem, Problems, problem, under
from parvis_sdk.quantities import day_of, day_shown, decimal_of
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

EMAIL = re.compile(r"[^\s@,;:<>()\[\]\\\"]{1,64}@(?:[^\s@.,;:<>()\[\]\\\"_]{1,63}\.)+[^\s@.,;:<>()\[\]\\\"_\d]{2,63}")
NUMBER = re.compile(r"[0-9]{1,4}")
CHARACTER, CHARACTERS = (
    Text(fr="{number}\u00a0caractère", en="{number} character"),
    Text(fr="{number}\u00a0caractères", en="{number} characters"),
)
DECIMAL, DECIMALS = (
    Text(fr="{number}\u00a0décimale", en="{number} decimal"),
    Text(fr="{number}\u00a0décimales", en="{number} decimals"),
)
ALONE, WITH_UNIT = Text(fr="{limit}", en="{limit}"), Text(fr="{limit}\u00a0{unit}", en="{limit} {unit}")
YES = {"yes", "oui", "true", "1", "on"}
KNOWN_AS = {
    "application/msword": "Word 97",
    "application/vnd.ms-excel": "Excel 97",
    "application/vnd.ms-powerpoint": "PowerPoint 97",
    "application/vnd.oasis.opendocument.presentation": "OpenDocument (ODP)",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument (ODS)",
    "application/vnd.oasis.opendocument.text": "OpenDocument (ODT)",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "text/plain": "TXT",
}
DEEPEST = 12
MOST_UNKNOWN = 20
NO = {"no", "non", "false", "0", "off"}


class Reading(Struct, frozen=True):
    """What judging needs from outside: the town's date, files received by id, whether answers may lack (the past), and
    what the town's layers say of the place (None: what was known of it before is kept). `beside` are answers given
    before, which a check may look at; `asked` the questions by code, by which its sentence names their answers.
    """

    today: date | None = None
    attachments: Mapping[str, Attachment] = {}
    complete: bool = True
    here: Mapping[str, Mapping[str, Any]] | None = None
    beside: Mapping[str, Any] = {}
    asked: Mapping[str, AnyField] = {}


def read_value(field: AnyField, raw: Any, path: str, reading: Reading, answers: Mapping[str, Any]) -> Any:
    """The clean answer to `field`, `NOTHING` when hidden or left empty by right, or `Problems`."""
    if isinstance(field, PlaceFact):
        return place_fact(field, raw, reading.here)
    if isinstance(field, Information) or (field.show_when is not None and not holds(field.show_when, answers)):
        return NOTHING
    needed = field.required or (field.required_when is not None and holds(field.required_when, answers))
    must = reading.complete and needed
    if isinstance(field, Group):
        return _read_group(field, raw, path, reading, answers, must)
    raw = cleaned(raw)
    if _is_empty(raw):
        return Problems(found=(_missing(field, path),)) if must else NOTHING
    value = _read(field, raw, path, reading)
    if value is NOTHING and must:
        return Problems(found=(_missing(field, path),))
    if isinstance(value, Problem):
        return Problems(found=(value,))
    is_past = reading.today is None and not reading.complete  # its days are over, and are not judged
    known = {**reading.beside, **answers}
    if is_past or value is NOTHING:
        return value
    found = failed_checks(field, value, path, known, reading.today, reading.asked)
    return Problems(found=found) if found else value


def _missing(field: AnyField, path: str) -> Problem:
    match field:
        case YesNo() | OneOf() | SeveralOf():
            return problem("choose", path, label=field.label)
        case Consent():
            return problem("agree", path, label=field.label)
        case Photo(least=least) | File(least=least):
            return problem("attach", path, label=field.label, least=max(1, least))
        case _:
            return problem("required", path, label=field.label)


def _is_empty(raw: Any, depth: int = 0) -> bool:
    if isinstance(raw, str):
        return not clean(raw).strip()
    if isinstance(raw, list | tuple | Mapping):
        # No answer nests so deep; what does is something, and is refused by its reader.
        inner = raw.values() if isinstance(raw, Mapping) else raw
        return depth < DEEPEST and all(_is_empty(item, depth + 1) for item in inner)
    return raw is None


@singledispatch
def _read(field: AnyField, raw: Any, path: str, reading: Reading) -> Any:
    raise TypeError(f"no way to read {type(field).__name__}")


def _so_many(number: int, one: Text, many: Text) -> Text:
    return (one if number == 1 else many).format(number=number)


def _words(field: AnyField, raw: Any, path: str) -> str | Problem:
    if not isinstance(raw, str):
        return problem("wrong_kind", path, label=field.label)
    return clean(raw).strip()


@_read.register
def _(field: ShortText, raw: Any, path: str, reading: Reading) -> Any:
    words = _words(field, raw, path)
    if isinstance(words, Problem):
        return words
    words = " ".join(words.split())
    if field.pattern and words and not re.fullmatch(field.pattern, words):
        return problem("pattern", path, label=field.label, example=field.example or field.pattern)
    return _sized(field, words, path)


@_read.register
def _(field: LongText, raw: Any, path: str, reading: Reading) -> Any:
    words = _words(field, raw, path)
    return words if isinstance(words, Problem) else _sized(field, words, path)


@_read.register
def _(field: Address, raw: Any, path: str, reading: Reading) -> Any:
    words = _words(field, raw, path)
    if isinstance(words, Problem):
        return words
    words = " ".join(words.split())
    if len(words) > field.max_length:
        return problem("too_long", path, label=field.label, limit=field.max_length, count=len(words))
    return words or NOTHING


def _sized(field: ShortText | LongText, words: str, path: str) -> Any:
    if not words:
        return NOTHING
    if len(words) > field.max_length:
        return problem("too_long", path, label=field.label, limit=field.max_length, count=len(words))
    if len(words) < field.min_length:
        return problem("too_short", path, label=field.label, limit=_so_many(field.min_length, CHARACTER, CHARACTERS))
    return words


@_read.register
def _(field: Email, raw: Any, path: str, reading: Reading) -> Any:
    words = _words(field, raw, path)
    if isinstance(words, Problem):
        return words
    if len(words) > 254 or not EMAIL.fullmatch(words):
        return problem("email", path, label=field.label)
    local, _, domain = words.rpartition("@")
    return f"{local}@{domain.lower()}"


@_read.register
def _(field: Phone, raw: Any, path: str, reading: Reading) -> Any:
    words = _words(field, raw, path)
    if isinstance(words, Problem):
        return words
    if len(words) > 50:
        return problem("phone", path, label=field.label)
    try:
        number = phonenumbers.parse(words, field.region)
    except phonenumbers.NumberParseException:
        return problem("phone", path, label=field.label)
    if not phonenumbers.is_possible_number(number):
        return problem("phone", path, label=field.label)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@_read.register
def _(field: Number, raw: Any, path: str, reading: Reading) -> Any:
    number = decimal_of(raw)
    if number is None:
        return problem("number", path, label=field.label)
    if number != round(number, field.decimals):
        code, digits = "decimals" if field.decimals else "whole_number", _so_many(field.decimals, DECIMAL, DECIMALS)
        return problem(code, path, label=field.label, limit=digits)
    least, most = (Decimal(repr(limit)) for limit in limits_of(field))
    if not least <= number <= most:
        code, limit = ("too_small", least) if number < least else ("too_large", most)
        plain = limit if limit % 1 else limit.to_integral_value()
        with_unit = WITH_UNIT if field.unit else ALONE
        return problem(code, path, label=field.label, limit=with_unit.format(limit=plain, unit=field.unit))
    return float(number) if field.decimals else int(number)


@_read.register
def _(field: Money, raw: Any, path: str, reading: Reading) -> Any:
    # A number is what programs are told: whole cents. Words are what a person writes: dollars.
    amount = decimal_of(raw)
    if not isinstance(raw, str):
        if amount is None or not isinstance(raw, int):
            return problem("cents", path, label=field.label)
        amount = amount.scaleb(-2)
    if amount is None or amount != round(amount, 2):
        return problem("money", path, label=field.label)
    cents = int(amount * 100)
    least, most = (Decimal(repr(limit)) for limit in limits_of(field))
    if not least <= cents <= most:
        code, limit = ("too_small", least) if cents < least else ("too_large", most)
        return problem(code, path, label=field.label, limit=whole_dollars_shown(limit / 100))
    return cents


@_read.register
def _(field: Date, raw: Any, path: str, reading: Reading) -> Any:
    day = day_of(raw)
    if day is None:
        return problem("date", path, label=field.label)
    if reading.today is not None:
        if field.earliest is not None and day < reading.today + timedelta(days=field.earliest):
            return problem(
                "too_early", path, label=field.label, limit=day_shown(reading.today + timedelta(days=field.earliest))
            )
        if field.latest is not None and day > reading.today + timedelta(days=field.latest):
            return problem(
                "too_late", path, label=field.label, limit=day_shown(reading.today + timedelta(days=field.latest))
            )
    return day.isoformat()


@_read.register
def _(field: Time, raw: Any, path: str, reading: Reading) -> Any:
    words = raw.strip().lower() if isinstance(raw, str) else ""
    found = re.fullmatch(r"([0-9]{1,2})\s*(?:[:h]\s*([0-9]{2})?)\s*", words)
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return problem("time", path, label=field.label)
    return f"{int(found[1]):02}:{int(found[2] or 0):02}"


@_read.register
def _(field: YesNo, raw: Any, path: str, reading: Reading) -> Any:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else ""
    return True if word in YES else False if word in NO else problem("choose", path, label=field.label)


@_read.register
def _(field: Consent, raw: Any, path: str, reading: Reading) -> Any:
    given = raw is True or (isinstance(raw, str) and raw.strip().lower() in YES)
    if given:
        return True
    refused = raw is False or (isinstance(raw, str) and raw.strip().lower() in NO)
    if not refused:
        return problem("wrong_kind", path, label=field.label)
    return NOTHING if field.required else False


@_read.register
def _(field: OneOf, raw: Any, path: str, reading: Reading) -> Any:
    code = raw.strip() if isinstance(raw, str) else raw
    offered = isinstance(code, str) and any(option.code == code for option in field.options)
    return code if offered else problem("not_offered", path, label=field.label)


@_read.register
def _(field: SeveralOf, raw: Any, path: str, reading: Reading) -> Any:
    given = [raw] if isinstance(raw, str) else raw
    if (
        not isinstance(given, list | tuple)
        or len(given) > MOST_PARTS
        or not all(isinstance(code, str) for code in given)
    ):
        return problem("wrong_kind", path, label=field.label)
    wanted = {code.strip() for code in given} - {""}
    if wanted - {option.code for option in field.options}:
        return problem("not_offered", path, label=field.label)
    if len(wanted) < field.least:
        return problem("too_few", path, label=field.label, limit=field.least)
    if field.most is not None and len(wanted) > field.most:
        return problem("too_many", path, label=field.label, limit=field.most)
    return [option.code for option in field.options if option.code in wanted]


@_read.register
def _(field: PlaceField, raw: Any, path: str, reading: Reading) -> Any:
    place = read_place(raw, shapes=field.shapes)
    return under(place, path) if isinstance(place, Problem) else place.as_answer()


@_read.register
def _(field: Photo, raw: Any, path: str, reading: Reading) -> Any:
    return _read_files(field, raw, path, reading)


@_read.register
def _(field: File, raw: Any, path: str, reading: Reading) -> Any:
    return _read_files(field, raw, path, reading)


def _read_files(field: Photo | File, raw: Any, path: str, reading: Reading) -> Any:
    ids = [raw] if isinstance(raw, str) else raw
    if not isinstance(ids, list | tuple) or len(ids) > MOST_PARTS or not all(isinstance(id, str) for id in ids):
        return problem("wrong_kind", path, label=field.label)
    wanted = list(dict.fromkeys(id for id in ids if id))
    if len(wanted) > field.most:
        return problem("too_many", path, label=field.label, limit=field.most)
    if len(wanted) < field.least:
        return problem("attach", path, label=field.label, least=field.least)
    for number, id in enumerate(wanted, 1):
        file = reading.attachments.get(id)
        if file is None:
            message = MESSAGES["file_gone"].format(label=field.label, number=number)
            return Problem(path=path, code="file_missing", message=message)
        if file.state == "infected":
            return problem("file_infected", path, name=file.name)
        if file.kind not in field.kinds:
            return problem("file_kind", path, name=file.name, kinds=kinds_shown(field.kinds))
        if file.size > field.max_size:
            return problem("file_size", path, name=file.name, limit=field.max_size // 1_000_000)
    return wanted


def kinds_shown(kinds: tuple[str, ...]) -> str:
    """Media types as people know them: "JPEG, PNG, PDF, Word"."""
    return ", ".join(KNOWN_AS.get(kind) or kind.rpartition("/")[2].upper() for kind in kinds)


def _read_group(field: Group, raw: Any, path: str, reading: Reading, answers: Mapping[str, Any], must: bool) -> Any:
    if isinstance(raw, str) and not clean(raw).strip():
        raw = None
    if raw is not None and not isinstance(raw, list | tuple | Mapping):
        return Problems(found=(problem("wrong_kind", path, label=field.label),))
    rows = [(name, item) for name, item in _rows(raw) if not _is_empty(item)]
    if not rows:
        return Problems(found=(problem("required", path, label=field.label),)) if must and field.least else NOTHING
    if len(rows) > field.most:
        return Problems(found=(problem("too_many", path, label=field.label, limit=field.most),))
    if len(rows) < field.least:
        return Problems(found=(problem("too_few", path, label=field.label, limit=field.least),))
    items: list[dict[str, Any]] = []
    found: list[Problem] = []
    for name, item in rows:
        answer = _read_item(field, item, f"{path}.{name}", reading, answers)
        if isinstance(answer, Problems):
            found.extend(answer.found)
        else:
            items.append(answer)
    return Problems(found=tuple(found)) if found else items


def _rows(raw: Any) -> list[tuple[str, Any]]:
    # A page numbers its rows and may leave gaps; each keeps its number, so that a problem lands on the right one.
    if not isinstance(raw, Mapping):
        return [(str(index), item) for index, item in enumerate(raw or ())]
    names = [name for name in raw if isinstance(name, str) and NUMBER.fullmatch(name)]
    named = sorted(names, key=int) if len(names) == len(raw) else list(raw)
    return [(name if name in names else str(index), raw[name]) for index, name in enumerate(named)]


def _read_item(
    field: Group, item: Any, path: str, reading: Reading, answers: Mapping[str, Any]
) -> dict[str, Any] | Problems:
    if not isinstance(item, Mapping):
        return Problems(found=(problem("wrong_kind", path, label=field.label),))
    kept: dict[str, Any] = {}
    found: list[Problem] = []
    for inner in field.fields:
        value = read_value(inner, item.get(inner.code), f"{path}.{inner.code}", reading, {**answers, **kept})
        if isinstance(value, Problems):
            found.extend(value.found)
        elif value is not NOTHING:
            kept[inner.code] = value
    found.extend(unknown(item, {inner.code for inner in field.fields}, f"{path}."))
    return Problems(found=tuple(found)) if found else kept


def unknown(raw: Mapping[Any, Any], known: set[str], prefix: str = "") -> list[Problem]:
    """A problem for each answer to a question that does not exist, the first few of them."""
    names = (clean(str(name)[:100]) for name in raw if name not in known)
    return [problem("unknown", f"{prefix}{name}", name=name) for name in islice(names, MOST_UNKNOWN)]
