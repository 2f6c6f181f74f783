"""Answers as people read them: every kind of question, in the language of the page, as rows of a summary list."""

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from parvis.i18n import (
    format_date,
    format_list,
    format_money,
    format_number,
    format_phone,
    format_size,
    format_time,
    gettext,
    language,
    say,
)
from parvis.web.formats import paragraphs
from parvis_sdk.fields import (
    AnyField,
    Consent,
    Date,
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
)
from parvis_sdk.places import fact_said
from parvis_sdk.requests import Attachment


def answer_rows(
    fields: Sequence[AnyField], answers: Mapping[str, Any], files: Mapping[str, Attachment]
) -> list[dict[str, Any]]:
    """One row for each question that was answered; `files` are those that answers may name."""
    return [
        {"key": say(field.label), "value": answer_words(field, answers[field.code], files)}
        for field in fields
        if field.code in answers and (isinstance(field, PlaceFact) or not isinstance(field, Information))
    ]


def answer_words(field: AnyField, value: Any, files: Mapping[str, Attachment] | None = None) -> Any:
    """One answer, clean or still as typed, as text or safe HTML."""
    match field:
        case PlaceFact() if not isinstance(value, bool):
            return say(fact_said(field, value))
        case YesNo() | PlaceFact():
            return gettext("Yes") if value in (True, "yes", "oui") else gettext("No")
        case Consent():
            return gettext("Agreed") if value in (True, "yes", "oui") else gettext("Not agreed")
        case OneOf(options=options):
            return next((say(option.label) for option in options if option.code == value), str(value))
        case SeveralOf(options=options):
            return format_list([say(option.label) for option in options if option.code in value])
        case Number(decimals=decimals, unit=unit) if isinstance(value, int | float):
            gap = "" if language() == "en" and say(unit) == "%" else " "
            return f"{format_number(value, decimals or None)}{gap}{say(unit)}".strip()
        case Money(currency=currency) if isinstance(value, int):
            return format_money(value, currency)
        case Date() if isinstance(value, str):
            return format_date(value)
        case Time() if isinstance(value, str):
            return format_time(value)
        case Phone():
            return format_phone(str(value))
        case LongText():
            return paragraphs(str(value))
        case ShortText(autocomplete="street-address"):
            return in_french(str(value))
        case PlaceField() if isinstance(value, Mapping):
            return place_words(value)
        case Photo() | File():
            return file_words(value, files or {})
        case Group(fields=inner, item=item):
            return group_words(inner, say(item), value, files or {})
        case _:
            return str(value)


def place_words(place: Mapping[str, Any] | None) -> str:
    """A place by its address, its words and the codes of what it points at; by its point where nothing else is."""
    if not place:
        return gettext("Not given")
    said = [in_french(str(place["address"]))] if place.get("address") else []
    said += [str(place["words"])] if place.get("words") else []
    codes = place.get("assets")
    if isinstance(codes, list | tuple) and (unsaid := [str(code) for code in codes if f"({code})" not in said[:1]]):
        said.append(", ".join(unsaid))
    return Markup(" – ").join(said) or gettext("A point chosen on the map")


def in_french(address: str) -> str:
    """An address of the town, which a page in English marks as French for screen readers."""
    return address if language() == "fr" else Markup('<span lang="fr">{}</span>').format(address)


def file_words(ids: Any, files: Mapping[str, Attachment]) -> Markup:
    known = [files[id] for id in ids if id in files] if isinstance(ids, list | tuple) else []
    items = [Markup("<li>{} ({})</li>").format(file.name, format_size(file.size)) for file in known]
    return Markup('<ul class="plain">{}</ul>').format(Markup("").join(items)) if items else Markup("")


def group_words(fields: Sequence[AnyField], item: str, rows: Any, files: Mapping[str, Attachment]) -> Markup:
    """Each thing of a repeated group as a small list of its own."""
    said = []
    for number, row in enumerate(rows if isinstance(rows, list | tuple) else (), 1):
        inner = answer_rows(fields, row, files) if isinstance(row, Mapping) else []
        pairs = Markup("").join(
            Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(one["key"], one["value"]) for one in inner
        )
        said.append(Markup("<li><p><strong>{} {}</strong></p><dl>{}</dl></li>").format(escape(item), number, pairs))
    return Markup('<ol class="plain">{}</ol>').format(Markup("").join(said))
