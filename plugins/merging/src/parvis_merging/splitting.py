"""One message about several things made several requests: each with its words, files and type, the person kept."""

import hashlib
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from parvis.db import insert_values, transaction
from parvis.db.tables import Attachment as AttachmentRow
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.actors import Actor
from parvis.requests.amendments import stop
from parvis.requests.attached.attachments import StoredFile, kept_of
from parvis.requests.changing import AlreadyErased, Conflict, conflict_with
from parvis.requests.contacts import contact_of, wants_messages
from parvis.requests.declarations import type_of_record
from parvis.requests.host import Host
from parvis.requests.intake import NOT_OFFERED, take_in, taken_before
from parvis.requests.offered import type_of
from parvis.requests.records import Record, both_locked
from parvis.requests.relations.ties import keep_tie, ties_of, write_down
from parvis.requests.retyping import carried
from parvis.requests.visibility import Viewer, sees_audience
from parvis_sdk.cleaning import clean
from parvis_sdk.counter import Receipt
from parvis_sdk.fields import AnyField, File, LongText, Photo, Sensitivity, ShortText
from parvis_sdk.forms import raw_of
from parvis_sdk.problems import MESSAGES, Problem, Problems, problem
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.request_types import RequestType, Submission
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text

DESCRIPTION, EVIDENCE = "description", "evidence"
MOST_WORDS = 8000
OPEN = (Sensitivity.PUBLIC, Sensitivity.INTERNAL)
NO_WORDS_THERE = Text(
    fr="Ce type de requête n’a aucune question pour recevoir ce texte.",
    en="This request type has no question for this text.",
)
FILES = Text(fr="Fichiers à copier", en="Files to copy")
NO_FILES_THERE = Text(
    fr="Ce type de requête n’accepte pas le fichier «\u00a0{name}\u00a0».",
    en="This request type does not accept the file “{name}”.",
)


class Part(Struct, frozen=True, kw_only=True):
    """What is split off: as which type, in which words, with which of the files."""

    type: str
    words: str
    files: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same part."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()


async def split_off(
    host: Host,
    viewer: Viewer,
    source: Record,
    part: Part,
    *,
    actor: Actor,
    mark: str = "",
    expected: int | None = None,
) -> Receipt | Problems | Conflict:
    """Make a request of a part of another one: same person, place, language and channel; files are kept by both.

    The person is told of its reference as of any request; nothing of the other one changes but its history. The same
    part sent again with the same `mark` is the same request; another part with that mark is refused. Only files that
    the viewer may have go along. A `Conflict` is what was done to the other one since the version that was seen.
    """
    if source.erased_at is not None:
        raise AlreadyErased(source.reference)
    town = host.jurisdictions.jurisdiction(source.jurisdiction)
    idempotency_key = f"split:{source.reference}:{mark}" if mark else ""
    receipt = await taken_before(host, town, idempotency_key, part.digest)
    if receipt is None:
        if expected is not None and (conflict := await conflict_with(source, expected)):
            return conflict
        receipt = await _taken_in(host, viewer, town, source, part, idempotency_key, actor)
    if isinstance(receipt, Receipt):
        await _tie(host, source, receipt.reference, actor)
    return receipt


async def _taken_in(
    host: Host, viewer: Viewer, town: Jurisdiction, source: Record, part: Part, idempotency_key: str, actor: Actor
) -> Receipt | Problems:
    request_type = type_of(host, town, part.type)
    if request_type is None:
        return Problems(found=(Problem(path="type", code="not_offered", message=NOT_OFFERED),))
    if source.identity not in request_type.identity.modes:
        return Problems(found=(Problem(path="type", code="not_offered", message=MESSAGES["other_identity"]),))
    words = clean(part.words).strip()
    field = question_for_words(request_type)
    if not words:
        return Problems(found=(problem("required", "words", label=Text(fr="Mots", en="Words")),))
    if field is None:
        return Problems(found=(Problem(path="type", code="not_offered", message=NO_WORDS_THERE),))
    read = read_value(field, words, "words", Reading(), {})
    if isinstance(read, Problems):
        return read
    chosen = [one for one in await files_offered(host, viewer, source) if one.attachment.id in part.files]
    if len(chosen) < len(set(part.files)):
        return Problems(found=(problem("file_missing", "files", label=FILES),))
    placed = _placed(request_type, chosen)
    if isinstance(placed, Problem):
        return Problems(found=(placed,))
    holder = new_id().hex
    copies = await _copied(host, chosen, holder)
    of_source = await type_of_record(host, source)
    asked = [each for each in of_source.form.fields() if not isinstance(each, Photo | File)]
    before = {code: value for code, value in source.answers.items() if code in {each.code for each in asked}}
    attached = tuple(copies.values())
    answers: dict[str, Any] = carried(request_type, raw_of(tuple(asked), before), {}, asked) | {field.code: read}
    answers |= {code: [copies[id] for id in ids] for code, ids in placed.items()}
    submission = Submission(
        type=request_type.code,
        language=source.language,
        channel=source.channel,  # type: ignore[arg-type]
        answers=answers,
        attachments=attached,
        place=source.place if request_type.place.need != "none" else None,
        requester=await contact_of(source) or Requester(mode=source.identity),
    )
    receipt = await take_in(
        host,
        town,
        submission,
        actor=actor,
        idempotency_key=idempotency_key,
        fingerprint=part.digest if idempotency_key else "",
        holder=holder,
        judged=False,
        excluded_agents=source.excluded_agents,
    )
    person = submission.requester
    reachable = person.email + person.phone + person.postal_address
    if isinstance(receipt, Receipt) and reachable and not await wants_messages(source):
        await stop(host, receipt.reference, actor=actor)
    return receipt


async def files_offered(host: Host, viewer: Viewer, source: Record) -> tuple[StoredFile, ...]:
    """The files of a request that may go along, as far as this viewer may have them."""
    return tuple(
        one
        for one in await kept_of(source)
        if one.is_ready and sees_audience(viewer, one.audience, source, host.jurisdictions)
    )


def question_for_words(request_type: RequestType) -> AnyField | None:
    """The question that the words answer: by its meaning, else the first that asks for words nobody has to guard.

    One that is only asked after certain answers is none: nobody gave these.
    """
    always = (field for section in request_type.form.sections if section.show_when is None for field in section.fields)
    written = [field for field in always if isinstance(field, LongText | ShortText) and field.show_when is None]
    meant = [field for field in written if field.means == DESCRIPTION]
    free = [field for field in written if isinstance(field, LongText) and field.privacy.sensitivity in OPEN]
    return next(iter((*meant, *free)), None)


def _placed(request_type: RequestType, chosen: Iterable[StoredFile]) -> dict[str, list[str]] | Problem:
    """To which question each file goes: one that means evidence first."""
    takes = [field for field in request_type.form.fields() if isinstance(field, Photo | File)]
    takes.sort(key=lambda field: field.means != EVIDENCE)
    placed: dict[str, list[str]] = {}
    for one in chosen:
        field = next((each for each in takes if _fits(each, one, placed.get(each.code, []))), None)
        if field is None:
            message = NO_FILES_THERE.format(name=one.attachment.name)
            return Problem(path="files", code="file_kind", message=message)
        placed.setdefault(field.code, []).append(one.attachment.id)
    return placed


def _fits(field: Photo | File, one: StoredFile, there: Collection[str]) -> bool:
    return len(there) < field.most and one.attachment.kind in field.kinds


async def _copied(host: Host, chosen: Collection[StoredFile], holder: str) -> dict[str, str]:
    """New rows of the same contents for the new request; their ids by those of the originals."""
    if not chosen:
        return {}
    theirs = AttachmentRow.id.is_in([UUID(one.attachment.id) for one in chosen])
    rows = await AttachmentRow.select().where(theirs).order_by(AttachmentRow.id)  # by which they are shown, there too
    ids = {str(row["id"]): new_id() for row in rows}
    async with transaction(host.engine):
        new = [{**row, "id": ids[str(row["id"])], "request": None, "holder": holder, "field": ""} for row in rows]
        await insert_values(AttachmentRow, *new)
    return {old: str(new) for old, new in ids.items()}


async def _tie(host: Host, source: Record, reference: str, actor: Actor) -> None:
    """Say on both sides that the one came of the other; once, however often it is sent."""
    async with transaction(host.engine):
        one, new = await both_locked(host, source.reference, reference)
        if one is None or new is None or any(tie.record.id == new.id for tie in await ties_of(one)):
            return
        await keep_tie(new, "about", one, new.submitted_at)
        await write_down(host, one, "split", "about", new, actor)
        await write_down(host, new, "split_from", "about", one, actor)
