"""The whole file of one request as one viewer may take it away, with its history and the hashes that seal it."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import structlog
from msgspec import Struct, structs

from parvis import clock
from parvis.plugins.trying import Failure, attempt
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import StoredFile
from parvis.requests.changing import Change, Situation, certainly, change
from parvis.requests.contacts import contact_of
from parvis.requests.declarations import type_of_record
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.host import Host
from parvis.requests.parts.part_kinds import PartPaper
from parvis.requests.parts.together import papers_made
from parvis.requests.records import Record
from parvis.requests.timeline import StoryLine, files_reaching, story
from parvis.requests.visibility import RequestView, ShownAnswer, Viewer, present
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text

FORMAT = "parvis-request/1"
TAKEN = "taken"
SECONDS = 2.0  # that an owner has for its section
log = structlog.get_logger("parvis.requests")


class FileLine(Struct, frozen=True, kw_only=True):
    """One line of a section: its words, who wrote or did it and when, and the same as `data` for programs."""

    words: Text
    by: str = ""
    at: datetime | None = None
    data: Mapping[str, Any] = {}


class SectionSource(Struct, frozen=True, kw_only=True):
    """What an owner adds to the file of a request for the people of the town; `name` is its key in the data."""

    name: str
    title: Text
    lines: Callable[[Host, Record, str], Awaitable[Sequence[FileLine]]]


class FileSection(Struct, frozen=True, kw_only=True):
    """One section as it was given; None in place of its lines where its owner could not give them."""

    name: str
    title: Text
    lines: tuple[FileLine, ...] | None


class WholeFile(Struct, frozen=True, kw_only=True):
    """Everything of a request that the viewer may see; `entries` is the whole history, `story` what they may read."""

    shown: RequestView
    contact: Requester | None
    story: tuple[StoryLine, ...]
    entries: tuple[Entry, ...]
    files: tuple[StoredFile, ...]
    documents: tuple[PartPaper, ...]
    sections: tuple[FileSection, ...]


async def note_taken(host: Host, reference: str, *, reason: str, actor: Actor) -> Record:
    """Write in the history that the file was taken away, before it is; with a reason, what is sensitive with it."""

    async def plan(here: Situation) -> Change:
        body = {"sensitive": bool(reason), **({"reason": reason} if reason else {})}
        return Change(line=Line(kind=TAKEN, audience="internal", body=body))

    return certainly(await change(host, reference, plan, actor=actor))


def plain(viewer: Viewer) -> Viewer:
    """The same person without the right to what is sensitive: what they take away when they do not say why."""
    reaches = tuple(structs.replace(each, permissions=each.permissions - {"reveal"}) for each in viewer.reaches)
    return structs.replace(viewer, reaches=reaches)


def for_a_reason(viewer: Viewer, record: Record) -> Viewer:
    """The same person who has just said why what is confidential leaves with the file."""
    return structs.replace(viewer, revealing=viewer.revealing | {record.reference})


async def gather_whole(host: Host, record: Record, viewer: Viewer, language: str, *, with_person: bool) -> WholeFile:
    """As this viewer may know it; `with_person` also who a confidential person is."""
    request_type, contact = await type_of_record(host, record), await contact_of(record)
    shown = present(host, record, request_type, viewer, contact)
    return WholeFile(
        shown=shown,
        contact=contact if with_person else shown.contact,
        story=await story(host, record, viewer, language),
        entries=await entries_of(record),
        files=await files_reaching(viewer, record, host.jurisdictions),
        documents=await papers_made(host, viewer, record, request_type),
        sections=await sections_of(host, record, language) if viewer.is_staff else (),
    )


async def sections_of(host: Host, record: Record, language: str) -> tuple[FileSection, ...]:
    """What every owner that is installed adds to it, on or off: what was written stays to be read."""
    return tuple([await _section(host, record, language, each) for each in host.modules.heard(SectionSource)])


async def _section(host: Host, record: Record, language: str, source: SectionSource) -> FileSection:
    done = await attempt(partial(source.lines, host, record, language), SECONDS)
    if isinstance(done, Failure):
        log.error("a section of a file could not be written", section=source.name, trouble=str(done))
    lines = None if isinstance(done, Failure) else tuple(done.value)
    return FileSection(name=source.name, title=source.title, lines=lines)


def named_files(whole: WholeFile) -> list[tuple[StoredFile, str]]:
    """Each file with its name in the archive, numbered so that none hides another."""
    return [(file, f"fichiers/{number:02}-{file.attachment.name}") for number, file in enumerate(whole.files, 1)]


def named_documents(whole: WholeFile) -> list[tuple[PartPaper, str]]:
    return [(document, f"documents/{document.name}") for document in whole.documents]


def as_data(whole: WholeFile, language: str) -> bytes:
    """The same as JSON that a program reads; of entries that the viewer may not read, the hashes alone."""
    shown, read = whole.shown, {line.number: line for line in whole.story}
    said = {
        "format": FORMAT,
        "made_at": clock.now(),
        "town": shown.jurisdiction,
        **shown_as_data(shown, language),
        "unit": shown.unit,
        "version": shown.version,
        "contact": whole.contact,
        "external_references": shown.external_references,
        **{each.name: None if each.lines is None else [line.data for line in each.lines] for each in whole.sections},
        "history": [_entry(entry, read.get(entry.number)) for entry in whole.entries],
        "files": [
            {"id": file.attachment.id, "in_archive": name, "sha256": file.attachment.digest}
            for file, name in named_files(whole)
        ],
        "documents": [
            {"number": document.number, "in_archive": name, "sha256": document.digest}
            for document, name in named_documents(whole)
        ],
    }
    return msgspec.json.format(msgspec.json.encode(said), indent=2)


def shown_as_data(shown: RequestView, language: str) -> dict[str, Any]:
    """A request as data for an archive that leaves the town: what it is, where it stands, its dates, place, answers."""
    return {
        "reference": shown.reference,
        "type": shown.type,
        "title": shown.title.to(language),
        "state": shown.state,
        "state_title": shown.state_title.to(language),
        "phase": str(shown.phase),
        "identity": shown.identity,
        "language": shown.language,
        "channel": shown.channel,
        "submitted_at": shown.submitted_at,
        "updated_at": shown.updated_at,
        "closed_at": shown.closed_at,
        "promised_at": shown.promised_at,
        "place": shown.place,
        "answers": answers_as_data(shown.fields, language),
    }


def answers_as_data(answers: Iterable[ShownAnswer], language: str) -> list[dict[str, Any]]:
    """Each answer with its code and the text of its question."""
    return [{"code": one.field.code, "question": one.label.to(language), "value": one.value} for one in answers]


def _entry(entry: Entry, line: StoryLine | None) -> dict[str, Any]:
    sealed = {"number": entry.number, "hash": entry.hash, "previous_hash": entry.previous_hash}
    if line is None:
        return sealed
    return sealed | {
        "at": entry.at,
        "kind": entry.kind,
        "title": line.title,
        "by": line.who,
        "words": line.words,
        "answers": {one.field.code: one.value for one in line.answers},
        "files": [each.id for each in line.attachments],
        "personal_digest": entry.personal_digest,
    }
