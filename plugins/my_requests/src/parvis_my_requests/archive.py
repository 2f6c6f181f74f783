"""Everything a town holds about one address, gathered for the person themselves: as data, and with the files."""

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.requests.access_log import LookedAt, looked_at
from parvis.requests.announcements import Announcement, told_to
from parvis.requests.answer_versions import Version, versions_of
from parvis.requests.attached.attachments import StoredFile, kept_of, kept_waiting
from parvis.requests.contacts import Reachability, known_of
from parvis.requests.declarations import type_of_record
from parvis.requests.drafting import Draft, mailed_to
from parvis.requests.erasure_rules import told_besides
from parvis.requests.host import Host
from parvis.requests.offered import type_of
from parvis.requests.parts.part_kinds import ArchivedPart, PartPaper, said_in
from parvis.requests.parts.together import archived_parts, papers_made
from parvis.requests.persons.person import (
    FollowedRequest,
    Theirs,
    Wishes,
    followed_by,
    requests_of,
    wishes_of,
)
from parvis.requests.timeline import StoryLine, files_reaching, story
from parvis.requests.visibility import HOLDER, RequestView, present, sees_privacy
from parvis.requests.whole_file import answers_as_data, shown_as_data
from parvis_my_requests.taking_part import TakesPart, taking_part
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Requester


class ArchivedRequest(Struct, frozen=True, kw_only=True):
    """One request with everything its requester may see of it; `versions` are those of answers that have changed."""

    shown: RequestView
    contact: Requester | None
    reached: Reachability
    story: tuple[StoryLine, ...]
    versions: dict[str, tuple[Version, ...]]
    files: tuple[StoredFile, ...]
    documents: tuple[PartPaper, ...] = ()
    parts: tuple[ArchivedPart, ...] = ()
    announced: tuple[Announcement, ...] = ()
    looked_at: LookedAt | None = None
    besides: dict[str, list[dict[str, Any]]] = {}  # by table, what modules keep, also those that were removed


class ArchivedDraft(Struct, frozen=True, kw_only=True):
    """A draft whose link was mailed to the address, as typed; its service may no longer be offered."""

    draft: Draft
    request_type: RequestType | None
    files: tuple[StoredFile, ...]


class Archive(Struct, frozen=True, kw_only=True):
    """All of it, ready to be written down."""

    town: Jurisdiction
    email: str
    language: str
    made_at: Any
    requests: tuple[ArchivedRequest, ...]
    drafts: tuple[ArchivedDraft, ...]
    taking_part: tuple[TakesPart, ...]
    followed: tuple[FollowedRequest, ...]
    wishes: Wishes


async def gather(host: Host, town: Jurisdiction, email: str, language: str) -> Archive:
    """Read everything that this address made, began, follows and wishes in a town."""
    theirs = await requests_of(host, town.code, email)
    return Archive(
        town=town,
        email=email,
        language=language,
        made_at=clock.now(),
        requests=tuple([await _gathered(host, each, language) for each in theirs]),
        drafts=tuple([await _begun(host, town, each) for each in await mailed_to(town.code, email)]),
        taking_part=await taking_part(host, town.code, email),
        followed=await followed_by(host, town.code, email),
        wishes=await wishes_of(town.code, email, language),
    )


async def _gathered(host: Host, theirs: Theirs, language: str) -> ArchivedRequest:
    record, jurisdictions = theirs.record, host.jurisdictions
    contact, messages = await known_of(record)
    request_type = await type_of_record(host, theirs.record)
    versions = await versions_of(record)
    parts = tuple((await archived_parts(host, HOLDER, record, request_type)).values())
    reach = {each.attachment.id for each in await files_reaching(HOLDER, record, jurisdictions)}
    reach |= {id for part in parts for entry in part.entries for id in entry.files}
    return ArchivedRequest(
        shown=present(host, record, request_type, HOLDER, contact),
        contact=contact,
        reached=messages,
        story=await story(host, record, HOLDER, language),
        announced=await told_to(host, record.id, contact),
        versions={
            field.code: found
            for field in request_type.form.fields()
            if len(found := versions.get(field.code, ())) > 1
            and sees_privacy(HOLDER, field.privacy, record, jurisdictions)
        },
        files=tuple(each for each in await kept_of(record) if each.attachment.id in reach),
        documents=await papers_made(host, HOLDER, record, request_type),
        parts=parts,
        looked_at=await looked_at(record.id, jurisdictions.jurisdiction(record.jurisdiction).time_zone),
        besides=await told_besides(host, record),
    )


async def _begun(host: Host, town: Jurisdiction, draft: Draft) -> ArchivedDraft:
    return ArchivedDraft(
        draft=draft, request_type=type_of(host, town, draft.type), files=await kept_waiting(draft.holder)
    )


def names_of(archive: Archive) -> Iterator[tuple[StoredFile, str]]:
    """Each file with its name in the archive: under its request, numbered so that none hides another."""
    folders = [(each.shown.reference, each.files) for each in archive.requests]
    folders += [(f"brouillon-{number}", each.files) for number, each in enumerate(archive.drafts, start=1)]
    for folder, files in folders:
        for number, file in enumerate(files, start=1):
            yield file, f"fichiers/{folder}/{number:02}-{file.attachment.name}"


def documents_of(archive: Archive) -> Iterator[tuple[PartPaper, str]]:
    """Each paper that was made, with its name in the archive."""
    for each in archive.requests:
        for document in each.documents:
            yield document, f"documents/{each.shown.reference}/{document.name}"


def as_data(archive: Archive) -> bytes:
    """The same as JSON that a program reads: codes with their words, times in UTC."""
    names = {file.attachment.id: name for file, name in names_of(archive)}
    said = {
        "format": "parvis-personal-archive/1",
        "town": archive.town.code,
        "email": archive.email,
        "made_at": archive.made_at,
        "wishes": archive.wishes,
        "requests": [_request(each, names, archive.language) for each in archive.requests],
        "drafts": [_draft(each, names, archive.language) for each in archive.drafts],
        "taking_part": [
            {
                "reference": each.record.reference,
                "title": each.title.to(archive.language),
                "role": each.role.to(archive.language),
                "since": each.since,
            }
            for each in archive.taking_part
        ],
        "followed": [
            {
                "reference": each.record.reference,
                "title": each.title.to(archive.language),
                "confirmed": each.confirmed,
                "since": each.since,
            }
            for each in archive.followed
        ],
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2)


def _request(each: ArchivedRequest, names: dict[str, str], language: str) -> dict[str, Any]:
    shown = each.shown
    return {
        **shown_as_data(shown, language),
        "public": shown.public,
        "contact": each.contact,
        "messages_stopped": not each.reached.wants,
        "mail_returned_at": each.reached.returned_at,
        "kept_besides": each.besides,
        "earlier_versions": {
            code: [{"number": one.number, "at": one.at, "value": one.value} for one in versions]
            for code, versions in each.versions.items()
        },
        "story": [
            {
                "number": line.number,
                "at": line.at,
                "kind": line.kind,
                "title": line.title,
                "words": line.words,
                "answers": answers_as_data(line.answers, language),
                "by_you": line.by_requester,
            }
            for line in each.story
        ],
        "announced": [{"title": one.title.to(language), "words": one.words.to(language)} for one in each.announced],
        "looked_at": each.looked_at,
        "files": _files(each.files, names),
        "documents": [_document(shown.reference, one, language) for one in each.documents],
        **{part.name: [said_in(entry.data, language) for entry in part.entries] for part in each.parts},
    }


def _document(reference: str, document: PartPaper, language: str) -> dict[str, Any]:
    return {
        "title": document.title.to(language),
        "number": document.number,
        **document.data,
        "digest": document.digest,
        "in_archive": f"documents/{reference}/{document.name}",
    }


def _draft(each: ArchivedDraft, names: dict[str, str], language: str) -> dict[str, Any]:
    draft = each.draft
    return {
        "type": draft.type,
        "title": each.request_type.title.to(language) if each.request_type else "",
        "language": draft.language,
        "begun_at": draft.begun_at,
        "updated_at": draft.updated_at,
        "kept_until": draft.kept_until,
        **{part: draft.raw.get(part) for part in ("place", "answers", "requester")},
        "files": _files(each.files, names),
    }


def _files(files: tuple[StoredFile, ...], names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "id": file.attachment.id,
            "name": file.attachment.name,
            "kind": file.attachment.kind,
            "size": file.attachment.size,
            "in_archive": names[file.attachment.id],
        }
        for file in files
    ]
