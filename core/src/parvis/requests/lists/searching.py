"""What lists look in: texts to search, and the place that everybody may know of, rounded where its type says so."""

from collections.abc import Iterable, Iterator
from typing import Any

from parvis.jurisdictions import Jurisdictions
from parvis.requests.public_words import is_free, words_are_public, words_wait
from parvis.requests.records import Record
from parvis.requests.visibility import PUBLIC, hides_who, place_for, zone_for
from parvis_sdk.fields import Address, AnyField, Group, LongText, OneOf, Sensitivity, SeveralOf, ShortText
from parvis_sdk.request_types import RequestType
from parvis_sdk.standing_answers import those
from parvis_sdk.text_normalisation import fold, words_of

MOST = 8000
NOWHERE: dict[str, Any] = {"public_lon": None, "public_lat": None, "public_zone": ""}
INSIDE = frozenset({Sensitivity.PUBLIC, Sensitivity.INTERNAL})
OUTSIDE = frozenset({Sensitivity.PUBLIC})


def listed_columns(request_type: RequestType, record: Record, jurisdictions: Jurisdictions) -> dict[str, Any]:
    """The columns that only lists, maps and figures read: what can be searched in, where it is for the public, its
    category, whether words wait to be read before they are public.
    """
    category = str(record.answers.get(request_type.category, "")) if request_type.category else ""
    texts = search_texts(request_type, record) | public_place(request_type, record, jurisdictions)
    return texts | {"category": category, "words_wait": words_wait(request_type, record)}


def public_place(request_type: RequestType, record: Record, jurisdictions: Jurisdictions) -> dict[str, Any]:
    """Where a request is for everybody; nowhere when it has no public page."""
    place = place_for(PUBLIC, record, request_type) if record.public else None
    if place is None:
        return NOWHERE
    zone = zone_for(PUBLIC, record, request_type, jurisdictions)
    return {"public_lon": place.lon, "public_lat": place.lat, "public_zone": zone}


def search_texts(request_type: RequestType, record: Record) -> dict[str, str]:
    """One text for the town's people, without anything personal, one of what is personal, one for everybody; folded."""
    known = (record.reference, record.reference.replace("-", ""), request_type.title.fr, request_type.title.en)
    place = place_for(PUBLIC, record, request_type)
    fields = request_type.form.fields()
    numbers = record.external_references.values()
    inside = (
        *numbers,
        *["".join(words_of(each)) for each in numbers],
        *_said(_of_nobody(record, fields), record.answers, INSIDE),
    )
    return {
        "search_text": search_text_of((*known, record.address, *inside)),
        "personal_text": search_text_of(_personal(record, fields, record.answers)),
        "public_text": search_text_of(
            (*known, place.address if place else "", *_said_outside(request_type, record)) if record.public else ()
        ),
    }


def _of_nobody(record: Record, fields: tuple[AnyField, ...]) -> tuple[AnyField, ...]:
    return tuple(field for field in fields if not hides_who(record, field))


def _said_outside(request_type: RequestType, record: Record) -> Iterator[str]:
    """The public answers; those typed freely once they are published: a search would tell what the page hides."""
    fields, told = request_type.form.fields(), words_are_public(request_type, record)
    return _said(fields, those(fields, record.answers, lambda field: told or not is_free(field)), OUTSIDE)


def search_text_of(parts: Iterable[str]) -> str:
    """Words as searches compare them."""
    return fold(" ".join([part for part in parts if part]))[:MOST]


def _personal(record: Record, fields: tuple[AnyField, ...], answers: dict[str, Any]) -> Iterator[str]:
    """What is protected as personal, wherever it stands; nothing of what only a reveal shows."""
    for field in fields:
        if hides_who(record, field):
            continue
        if field.privacy.sensitivity is Sensitivity.PERSONAL:
            yield from _said((field,), answers, INSIDE | {Sensitivity.PERSONAL})
        elif isinstance(field, Group) and field.privacy.sensitivity in INSIDE:
            for item in answers.get(field.code) or ():
                yield from _personal(record, field.fields, item)


def _said(fields: tuple[AnyField, ...], answers: dict[str, Any], open_to: frozenset[Sensitivity]) -> Iterator[str]:
    for field in fields:
        value = answers.get(field.code)
        if value is None or field.privacy.sensitivity not in open_to:
            continue
        match field:
            case ShortText() | LongText() | Address():
                yield value
            case OneOf(options=options) | SeveralOf(options=options):
                chosen = value if isinstance(value, list) else [value]
                yield from [f"{each.label.fr} {each.label.en}" for each in options if each.code in chosen]
            case Group():
                for item in value:
                    yield from _said(field.fields, item, open_to)
            case _:
                pass
