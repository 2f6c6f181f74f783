"""Every version of every answer and file of a request, told from its history; and on which of them a decision rests."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from msgspec import Struct, structs

from parvis.jurisdictions import Jurisdictions
from parvis.requests.actors import Actor
from parvis.requests.attached.attachments import StoredFile, kept_of
from parvis.requests.history import Entry, entries_of
from parvis.requests.records import Record, as_json
from parvis.requests.visibility import Viewer, is_of_viewer, sees_answer
from parvis_sdk.fields import AnyField
from parvis_sdk.request_types import RequestType
from parvis_sdk.standing_answers import those

KINDS = ("submitted", "amended", "happened")


class Version(Struct, frozen=True, kw_only=True):
    """One answer as it was from an entry of the history on; `value` is None once it was taken back.

    `digest` is salted with what the entry alone knows, so that nobody can guess at an answer from it, nor prove one
    after its erasure.
    """

    field: str
    number: int
    entry: int
    at: datetime
    actor: Actor
    value: Any
    digest: str


class RestedFile(Struct, frozen=True, kw_only=True):
    """A file on which a decision rests: the question that it answers, its name, and the SHA-256 of its content."""

    field: str
    version: int
    id: str
    name: str
    sha256: str


class DecisionBasis(Struct, frozen=True, kw_only=True):
    """What a decision rests on: the last entry of the history with its seal, and the version of each answer and file.

    `digest` is one for all of it, to be printed.
    """

    entry: int
    seal: str
    answers: tuple[Version, ...]
    files: tuple[RestedFile, ...]

    @property
    def digest(self) -> str:
        said = [(each.field, each.number, each.digest) for each in self.answers]
        files = [(each.field, each.version, each.sha256) for each in self.files]
        return hashlib.sha256(as_json([self.entry, self.seal, said, files]).encode()).hexdigest()

    def told(self) -> dict[str, Any]:
        """As the history keeps it: structure, nothing personal."""
        return {
            "entry": self.entry,
            "digest": self.digest,
            "versions": {each.field: each.number for each in self.answers},
            "files": {each.id: each.sha256 for each in self.files},
        }


def versions_in(entries: Sequence[Entry]) -> dict[str, tuple[Version, ...]]:
    """Every version of every answer by its question, oldest first; a pure reading of the history."""
    found: dict[str, list[Version]] = {}
    now: dict[str, Any] = {}
    for entry in entries:
        personal = entry.personal or {}
        if entry.kind not in KINDS or "answers" not in personal:
            continue
        answers = personal["answers"]
        for field in dict.fromkeys((*now, *answers)):
            if now.get(field) != answers.get(field):
                known = found.setdefault(field, [])
                known.append(_version(field, len(known) + 1, entry, answers.get(field)))
        now = answers
    return {field: tuple(versions) for field, versions in found.items()}


def _version(field: str, number: int, entry: Entry, value: Any) -> Version:
    salted = as_json([(entry.personal or {}).get("salt", ""), field, value])
    return Version(
        field=field,
        number=number,
        entry=entry.number,
        at=entry.at,
        actor=entry.actor,
        value=value,
        digest=hashlib.sha256(salted.encode()).hexdigest(),
    )


async def versions_of(record: Record) -> dict[str, tuple[Version, ...]]:
    """Every version of every answer of a request; nothing is left of them once it was erased."""
    return versions_in(await entries_of(record))


async def versions_for(
    viewer: Viewer,
    record: Record,
    request_type: RequestType,
    jurisdictions: Jurisdictions,
    formerly: Mapping[int, RequestType] = MappingProxyType({}),
) -> tuple[tuple[AnyField, tuple[Version, ...]], ...]:
    """Each question that the viewer may see, with the versions of its answer as far as they may.

    A person who took over the request sees the answers of that time and later ones. With the type `formerly` of each
    entry, the questions of other types are there too, after those of today.
    """

    def sees(field: AnyField) -> bool:
        return sees_answer(viewer, field, record, jurisdictions)

    def seen(field: AnyField, each: Version) -> tuple[Version, ...]:
        asked = formerly.get(each.entry, request_type).form.field(field.code) or field
        told = those((asked,), {field.code: each.value}, sees) if sees(asked) and each.value is not None else {}
        return (structs.replace(each, value=told.get(field.code)),) if sees(asked) else ()

    found, fields = await versions_of(record), dict[str, AnyField]()
    for each in (request_type, *formerly.values()):
        fields |= {field.code: field for field in each.form.fields() if field.code not in fields}
    return tuple(
        (field, told)
        for code, field in fields.items()
        if (every := found.get(code))
        and sees(field)
        and (told := tuple(one for each in _since(viewer, record, every) for one in seen(field, each)))
    )


def _since(viewer: Viewer, record: Record, versions: tuple[Version, ...]) -> tuple[Version, ...]:
    theirs = tuple(each for each in versions if is_of_viewer(viewer, record, each.at))
    before = versions[: len(versions) - len(theirs)]
    return (*before[-1:], *theirs)


async def versions_at(record: Record, entry: int | None = None) -> DecisionBasis:
    """The versions that stand, or stood after an entry of the history: what a decision made then rests on."""
    entries = [each for each in await entries_of(record) if entry is None or each.number <= entry]
    versions = versions_in(entries)
    standing = tuple(each[-1] for each in versions.values() if each[-1].value is not None)
    files = {each.attachment.id: each for each in await kept_of(record)}
    return DecisionBasis(
        entry=entries[-1].number,
        seal=entries[-1].hash,
        answers=standing,
        files=tuple(file for version in standing for file in _files_in(version, version.value, files)),
    )


def _files_in(version: Version, value: Any, files: dict[str, StoredFile]) -> list[RestedFile]:
    found: list[RestedFile] = []
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict):
            found += [file for inner in one.values() for file in _files_in(version, inner, files)]
        elif isinstance(one, str) and one in files:
            kept = files[one].attachment
            found.append(
                RestedFile(field=version.field, version=version.number, id=kept.id, name=kept.name, sha256=kept.digest)
            )
    return found
