"""Whom each file of an answer may reach: what protects the question protects its files, also after a correction."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from parvis.db.tables import Attachment as AttachmentRow
from parvis.requests.history import Audience
from parvis.requests.public_words import free_answers, words_are_public
from parvis.requests.records import Record
from parvis_sdk.fields import AnyField, File, Group, Photo, Privacy, Sensitivity
from parvis_sdk.request_types import RequestType


def audiences_of(
    fields: tuple[AnyField, ...], answers: Mapping[str, Any], *, by_requester: bool, told: bool = True
) -> dict[str, Audience]:
    """Whom each file among these answers may reach, by its id: what protects the question protects its files."""
    found: dict[str, Audience] = {}
    for field in fields:
        value = answers.get(field.code)
        if isinstance(field, Photo | File) and value:
            audience = _audience_of(field.privacy, by_requester=by_requester, told=told)
            found |= dict.fromkeys(value, audience)
        elif isinstance(field, Group) and value:
            for item in value:
                found |= audiences_of(field.fields, item, by_requester=by_requester, told=told)
    return found


def audiences_at_first(kind: RequestType, answers: Mapping[str, Any]) -> dict[str, Audience]:
    """The same of what a request came with: what the town itself declares it also tells."""
    return audiences_of(kind.form.fields(), answers, by_requester=kind.opened_by != "town")


async def give_files(ids: Collection[str], request: UUID, audience: Audience) -> None:
    """Inside a unit: from now on these files of a request are for that audience."""
    if ids:
        mine = (AttachmentRow.request == request) & AttachmentRow.id.is_in([UUID(id) for id in ids])
        await AttachmentRow.update({AttachmentRow.audience: audience}).where(mine)


async def refit_files(before: tuple[RequestType, Record], now: tuple[RequestType, Record]) -> None:
    """Inside a unit: after another type or other answers, files reach whom their questions let them reach now.

    A file that is in no answer any more stays with the request, and is for everybody no more.
    """
    kind, record = now
    audiences: dict[str, Audience] = dict.fromkeys(public_files(*before), "requester")
    audiences |= audiences_at_first(kind, record.answers)
    if words_are_public(kind, record):
        audiences |= dict.fromkeys(public_files(kind, record), "public")
    for audience in sorted(set(audiences.values())):
        await give_files([id for id, each in audiences.items() if each == audience], record.id, audience)


def public_files(kind: RequestType, record: Record) -> tuple[str, ...]:
    """The files among the answers that somebody of the town may make public."""
    return tuple(_ids(free_answers(kind, record).values()))


def _ids(values: Collection[Any]) -> Iterator[str]:
    for value in values:
        yield from value if isinstance(value, list) else ()


def _audience_of(privacy: Privacy, *, by_requester: bool, told: bool) -> Audience:
    match privacy.sensitivity:
        case Sensitivity.PUBLIC if told and not by_requester:
            return "public"  # those of the requester once somebody of the town has published them
        case Sensitivity.SENSITIVE:
            return "sensitive" if by_requester else "restricted"
        case Sensitivity.PERSONAL:
            return "personal" if by_requester else "colleagues"
        case _:
            return "requester" if by_requester or told else "internal"
