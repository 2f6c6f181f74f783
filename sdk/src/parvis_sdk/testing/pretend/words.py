"""Answers as text for documents and messages of the pretend desk."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from parvis_sdk.amounts import money_shown, number_shown
from parvis_sdk.days import day_text
from parvis_sdk.fields import (
    AnyField,
    Consent,
    Date,
    File,
    Group,
    Money,
    Number,
    OneOf,
    Photo,
    SeveralOf,
    YesNo,
)
from parvis_sdk.requests import Attachment
from parvis_sdk.text import Text

YES, NO = Text(fr="Oui", en="Yes"), Text(fr="Non", en="No")


def in_words(field: AnyField | None, value: Any, language: str, files: Mapping[str, Attachment] | None = None) -> str:
    """One answer as text, with its line breaks; the host formats numbers and telephone numbers better."""
    match field:
        case YesNo() | Consent():
            return (YES if value else NO).to(language)
        case OneOf(options=options):
            return next((each.label.to(language) for each in options if each.code == value), str(value))
        case SeveralOf(options=options):
            return _listed((each.label.to(language) for each in options if each.code in value), language)
        case Date():
            return day_text(date.fromisoformat(value)).to(language)
        case Money():
            return money_shown(int(value)).to(language)
        case Number(unit=unit):
            return f"{number_shown(Decimal(str(value))).to(language)} {unit.to(language) if unit else ''}".strip()
        case Photo() | File():
            return "\n".join((files or {})[id].name for id in value if id in (files or {}))
        case Group(fields=inner):
            return "\n".join(_row(inner, row, language) for row in value if isinstance(row, Mapping))
    return str(value)


def _row(fields: Iterable[AnyField], row: Mapping[str, Any], language: str) -> str:
    said = [(each.label.to(language), in_words(each, row[each.code], language)) for each in fields if each.code in row]
    return "; ".join(f"{label}: {words}" for label, words in said)


def _listed(words: Iterable[str], language: str) -> str:
    *first, last = list(words) or [""]
    return f"{', '.join(first)} {'et' if language == 'fr' else 'and'} {last}" if first else last
