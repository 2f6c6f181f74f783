"""One answer in words, said in the language of the moment."""

from collections.abc import Mapping
from typing import Any

from parvis.i18n import format_date, format_list, format_money, format_number, format_phone, format_time, language, say
from parvis_sdk.fields import AnyField, Consent, Date, Money, Number, OneOf, Phone, PlaceFact, SeveralOf, Time, YesNo
from parvis_sdk.places import fact_said
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

YES, NO = Text(fr="oui", en="yes"), Text(fr="non", en="no")


DRAWN = Text(
    fr="l’emplacement délimité au plan du dossier {reference} (centre\u00a0: {centre})",
    en="the area outlined on the map of file {reference} (centre: {centre})",
)
POINTED = Text(
    fr="le point indiqué au plan du dossier {reference} ({centre})",
    en="the point shown on the map of file {reference} ({centre})",
)


def place_said(place: Place | None, address: str, reference: str) -> str:
    """Where a request is: its address, else its own words, else what was drawn. Empty where it has no place."""
    if said := address or (place.address or place.words if place else ""):
        return said
    if place is None or place.lon is None or place.lat is None:
        return ""
    between = "\u00a0; " if language() == "fr" else "; "
    centre = between.join(format_number(degrees, 5) for degrees in (place.lat, place.lon))
    return (DRAWN if place.geometry else POINTED).format(reference=reference, centre=centre).to(language())


def said_answer(field: AnyField | None, value: Any) -> str:
    """One answer in words; the value itself where its question is not known."""
    match field:
        case PlaceFact():
            return say(fact_said(field, value))
        case YesNo() | Consent():
            return (YES if value else NO).to(language())
        case OneOf(options=options):
            return next((say(option.label) for option in options if option.code == value), str(value))
        case SeveralOf(options=options):
            return format_list([say(option.label) for option in options if option.code in value])
        case Date():
            return format_date(str(value))
        case Time():
            return format_time(str(value))
        case Money(currency=currency):
            return format_money(int(value), currency)
        case Number(decimals=decimals, unit=unit):
            gap = "" if language() == "en" and say(unit) == "%" else " "
            return f"{format_number(value, decimals or None)}{gap}{say(unit)}".strip()
        case Phone():
            return format_phone(str(value))
    if isinstance(value, Mapping):
        return str(value.get("address") or value.get("words") or "")
    if isinstance(value, list):
        return format_list([str(one) for one in value if not isinstance(one, Mapping)])
    return str(value)
