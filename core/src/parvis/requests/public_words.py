"""What of a request was typed or attached freely, and whether a person of the town has made it public."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from parvis.requests.records import Record, as_json
from parvis_sdk.fields import (
    Address,
    AnyField,
    Email,
    File,
    Group,
    LongText,
    Phone,
    Photo,
    PlaceField,
    Sensitivity,
    ShortText,
)
from parvis_sdk.request_types import RequestType

FREE = (ShortText, LongText, Email, Phone, Address, PlaceField, Photo, File)


def is_free(field: AnyField) -> bool:
    """Whether its answer is whatever somebody typed or attached, and not one of those that the type offers."""
    return isinstance(field, FREE)


def free_answers(request_type: RequestType, record: Record) -> dict[str, Any]:
    """The free answers to public questions, by code; of a group those of each item, under its number."""
    return dict(_free(request_type.form.fields(), record.answers, ""))


def _free(fields: tuple[AnyField, ...], answers: Mapping[str, Any], within: str) -> Iterator[tuple[str, Any]]:
    for field in fields:
        value = answers.get(field.code)
        if value in (None, "", []) or field.privacy.sensitivity is not Sensitivity.PUBLIC:
            continue
        if isinstance(field, Group):
            for number, item in enumerate(value):
                yield from _free(field.fields, item, f"{within}{field.code}.{number}.")
        elif is_free(field):
            yield f"{within}{field.code}", value


def typed_place(request_type: RequestType, record: Record) -> str:
    """The words for the place as they were typed, where they differ from those of the address base and may be told."""
    place = record.place
    if place is None or request_type.place.precision:
        return ""
    typed = place.address or place.words
    return "" if typed == record.public_address else typed


def digest_of_words(request_type: RequestType, record: Record) -> str:
    """What a person of the town reads before it is public, as one digest; empty where there is nothing to read.

    Other words have another digest: what was read before says nothing about them.
    """
    free, place = free_answers(request_type, record), typed_place(request_type, record)
    if not free and not place:
        return ""
    return hashlib.sha256(as_json({"answers": free, "place": place}).encode()).hexdigest()


def words_are_public(request_type: RequestType, record: Record) -> bool:
    """Whether the free words of a request may reach everybody: what the town declares itself always may."""
    if request_type.opened_by == "town":
        return True
    if request_type.visibility.free_text == "never" or not record.words_published:
        return False
    return record.words_published == digest_of_words(request_type, record)


def words_wait(request_type: RequestType, record: Record) -> bool:
    """Whether there are words that a person of the town may still make public."""
    if not record.public or request_type.visibility.free_text == "never" or words_are_public(request_type, record):
        return False
    return bool(digest_of_words(request_type, record))


def public_place_words(request_type: RequestType, record: Record) -> str:
    """What everybody is told of the place in words: of the address base, or typed and published."""
    place = record.place
    if place is not None and words_are_public(request_type, record):
        return place.address or place.words
    return record.public_address or ""
