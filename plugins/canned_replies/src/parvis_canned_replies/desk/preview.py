"""A ready text as it will be read, in each language: with a request's own values, or with those of an example."""

from collections.abc import Mapping
from datetime import timedelta

from litestar.exceptions import NotFoundException, PermissionDeniedException
from msgspec import Struct

from parvis import clock, i18n
from parvis.requests.declarations import type_of_record
from parvis.requests.offered import types_of
from parvis.web.desk.context import DeskContext, unit_name
from parvis_canned_replies.desk.reply import name_seen, values_in
from parvis_canned_replies.ready_texts import ReadyText
from parvis_sdk import sms_segments
from parvis_sdk.contact_methods import TEXT_MESSAGE
from parvis_sdk.placeholders import NAME, fill_body

PERSON, REFERENCE, PLACE = "Camille Tremblay", "7K3M-9QXT-4", "125, rue de l’Église"
PROMISED_IN = timedelta(days=10)


class Read(Struct, frozen=True, kw_only=True):
    """The text in one language: as a letter, and what a text message holds of it.

    `foreign` are signs that make each part of it carry less; `missing` are the names that this request has nothing for,
    whose sentences are left out.
    """

    language: str
    title: str
    body: str
    texted: str
    length: int
    is_cut: bool
    foreign: tuple[str, ...]
    missing: tuple[str, ...]


async def preview(room: DeskContext, ready: ReadyText, reference: str) -> tuple[Read, ...] | None:
    """In each language that the text has; None where there is no such request to take values from."""
    if not reference:
        return tuple(_read(ready, language, _example(room, ready, language)) for language in ready.text.languages())
    try:
        record = await room.record(reference)
    except (NotFoundException, PermissionDeniedException):
        return None
    request_type, name = await type_of_record(room.host, record), await name_seen(room, record)
    return tuple(
        _read(ready, language, values_in(room, record, request_type, language, name))
        for language in ready.text.languages()
    )


def _read(ready: ReadyText, language: str, values: Mapping[str, str]) -> Read:
    words = ready.text.to(language)
    body = fill_body(words, values)
    line, texted = " ".join(body.split()), sms_segments.shortened(body, TEXT_MESSAGE.longest)
    return Read(
        language=language,
        title=ready.title.to(language),
        body=body,
        texted=texted,
        length=len(line),
        is_cut=texted != line,
        foreign=sms_segments.foreign(texted),
        missing=tuple(f"{{{name}}}" for name in dict.fromkeys(NAME.findall(words)) if not values.get(name)),
    )


def _example(room: DeskContext, ready: ReadyText, language: str) -> Mapping[str, str]:
    """What might stand there: of the first type and unit that the text is for."""
    town = room.town
    request_types = types_of(room.host, town)
    request_type = next(
        (each for each in request_types if each.code in ready.types), request_types[0] if request_types else None
    )
    with room.request.app.state.pages.catalogues.speaking(language, town.time_zone):
        return {
            "name": PERSON,
            "reference": REFERENCE,
            "type": request_type.title.to(language) if request_type else "",
            "state": request_type.workflow.states[0].title.to(language) if request_type else "",
            "place": PLACE,
            "promised": i18n.format_date(clock.now() + PROMISED_IN),
            "town": town.name.to(language),
            "unit": unit_name(town, ready.units[0] if ready.units else town.default_unit),
            "agent": room.person.name,
        }
