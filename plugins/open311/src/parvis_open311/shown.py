"""Requests as everybody may read them, in the words of GeoReport."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from parvis.jurisdictions import Jurisdiction
from parvis.requests.attached.attachments import StoredFile, kept_of_all
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.links import town_url
from parvis.requests.lists.search import public_requests
from parvis.requests.records import Record, records_of
from parvis.requests.references import normalise
from parvis.requests.timeline import story
from parvis.requests.visibility import PUBLIC, RequestView, present, sees, sees_audience
from parvis.web.addresses import address
from parvis_open311.markup import Many
from parvis_open311.query import Query, is_open
from parvis_open311.services import description_field
from parvis_sdk.fields import AnyField, Money
from parvis_sdk.request_types import RequestType

AT_ONCE = 200  # of one statement of a list


async def requests_found(host: Host, town: Jurisdiction, query: Query, language: str) -> tuple[dict[str, Any], ...]:
    """One page of what is asked for, the newest first."""
    if query.references:
        references = [reference for given in query.references if (reference := normalise(given)) is not None]
    else:
        references = await _references(host, town, query)
    return await requests_named(host, town, references, language, extensions=query.extensions)


async def _references(host: Host, town: Jurisdiction, query: Query) -> list[str]:
    first, last = (query.page - 1) * query.page_size, query.page * query.page_size
    found: list[str] = []
    cursor = ""
    while len(found) < last:
        page = await public_requests(host, town.code, query.filters, limit=AT_ONCE, cursor=cursor)
        found += [row.reference for row in page.rows]
        if not (cursor := page.next_cursor):
            break
    return found[first:last]


async def requests_named(
    host: Host, town: Jurisdiction, references: Sequence[str], language: str, *, extensions: bool = False
) -> tuple[dict[str, Any], ...]:
    """Those of these references that are public here, in this order; two statements, and histories where asked for."""
    known = {each.reference: each for each in await records_of(references)}
    records = [
        record
        for reference in dict.fromkeys(references)
        if (record := known.get(reference)) is not None
        and record.jurisdiction == town.code
        and sees(PUBLIC, record, host.jurisdictions)
    ]
    files = await kept_of_all([each.id for each in records])
    return tuple([await request_shown(host, town, each, files, language, extensions=extensions) for each in records])


async def request_shown(
    host: Host,
    town: Jurisdiction,
    record: Record,
    files: Mapping[UUID, tuple[StoredFile, ...]],
    language: str,
    *,
    extensions: bool,
) -> dict[str, Any]:
    """Every element of the standard in its order, empty where there is nothing; never who asked."""
    request_type = await type_of_record(host, record)
    view = present(host, record, request_type, PUBLIC)
    zone, place = ZoneInfo(town.calendar.time_zone), view.place
    open_ = is_open(request_type, record.state, record.phase)
    updated = view.updated_at if open_ else view.closed_at or view.state_since
    unit = town.unit(record.unit)
    shown: dict[str, Any] = {
        "service_request_id": view.reference,
        "status": "open" if open_ else "closed",
        "status_notes": view.state_title.to(language),
        "service_name": view.title.to(language).strip(),
        "service_code": view.type,
        "description": described(request_type, view, language),
        "agency_responsible": unit.name.to(language) if unit else town.name.to(language),
        "service_notice": view.story.to(language) if view.story else "",
        "requested_datetime": view.submitted_at.astimezone(zone),
        "updated_datetime": updated.astimezone(zone),
        "expected_datetime": view.promised_at.astimezone(zone) if view.promised_at else None,
        "address": place.address if place else "",
        "address_id": "",
        "zipcode": "",
        "lat": place.lat if place else None,
        "long": place.lon if place else None,
        "media_url": media_url(host, town, record, files, language),
    }
    return shown | (await extended(host, record, view, language) if extensions else {})


def described(request_type: RequestType, view: RequestView, language: str) -> str:
    """The words of the report where the town has published them; else the answers that everybody may read."""
    field = description_field(request_type)
    return str(view.answers.get(field.code, "")) if field is not None else ""


def media_url(
    host: Host, town: Jurisdiction, record: Record, files: Mapping[UUID, tuple[StoredFile, ...]], language: str
) -> str:
    """The first picture that everybody may see on the public page."""
    for each in files.get(record.id, ()):
        is_public = sees_audience(PUBLIC, each.audience, record, host.jurisdictions)
        if is_public and each.width and each.attachment.state == "ready":
            return (
                f"{town_url(host, town)}{address(language, ':public', record.reference, ':files', each.attachment.id)}"
            )
    return ""


async def extended(host: Host, record: Record, view: RequestView, language: str) -> dict[str, Any]:
    """With `extensions=true`: public answers, our state and phase, and the public history."""
    lines = await story(host, record, PUBLIC, language)
    return {
        "attributes": Many(
            "attribute",
            tuple({"code": each.field.code, "value": value_of(each.field, each.value)} for each in view.fields),
        ),
        "extended_attributes": {"detailed_status": view.state, "phase": view.phase},
        "notes": Many(
            "note",
            tuple(
                {"datetime": line.at, "type": line.kind, "summary": line.title, "description": line.words}
                for line in lines
            ),
        ),
    }


def value_of(field: AnyField, value: Any) -> Any:
    """As it would be posted: an amount in units of its currency."""
    if isinstance(field, Money) and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}"
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return value if isinstance(value, str | int | float | bool) else str(value)
