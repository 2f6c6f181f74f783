"""Bringing a file in: each row in a transaction of its own, so that a run may be stopped or killed at any moment.

What is there stays, so the same command goes on where the one before ended, and a later file brings what is new or
changed. Nothing of the past starts anything: no clock, no timer, no letter, no survey, no webhook.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Collection
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis import clock
from parvis.cli.troubles import Unusable
from parvis.db import (
    DatabaseTrouble,
    NotUnique,
    NumberTooLarge,
    background_priority,
    insert_values,
    shared,
    transaction,
)
from parvis.db.advisory_locks import turn_of
from parvis.db.tables import Clock as ClockRow
from parvis.db.tables import Row, ServiceRequest
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure, caught
from parvis.requests.actors import ELSEWHERE, Actor
from parvis.requests.changing import Change, Situation, certainly, change_within
from parvis.requests.history import Line, entries_of
from parvis.requests.host import Host
from parvis.requests.intake import take_in
from parvis.requests.lifecycle import coming_into
from parvis.requests.lists.searching import listed_columns
from parvis.requests.records import Record, find, locked
from parvis.requests.work.conversation import note_within
from parvis_migration.attached import OldFiles, holder_of, receive
from parvis_migration.findings import found
from parvis_migration.fingerprints import without_part
from parvis_migration.importing import Step, quiet
from parvis_migration.journal import OldNote
from parvis_migration.judging import Judge, Judged, PastRequest
from parvis_migration.mapping import FieldMapping
from parvis_migration.origins import key_of, sought_as
from parvis_migration.refusals import refused
from parvis_migration.tables import MigrationBatch, MigrationOrigin
from parvis_migration.trying import judged_in, with_failure
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

REST = 0.5  # of the time that a row took: other writers of SQLite poll for their turn
TOLD_EVERY = 1_000  # rows
STANDING = "SELECT undone_at FROM migration_batch WHERE id = {}"
Tell = Callable[[Text], None]
SO_FAR = Text(
    fr="{number} lignes sur {rows}\u00a0; requêtes reprises\u00a0: {taken}",
    en="{number} rows of {rows}: {taken} brought in",
)
FROM_BEFORE = Text(fr="Fichiers de l’ancien système", en="Files of the system before")
NOTHING_STARTS: dict[str, Any] = {"timer_due_at": None, "promised_at": None, "promise": "none", "assignee": None}


class Order(Struct, frozen=True, kw_only=True):
    """What is to be brought in, and by whom; `most` rows at most, 0 for all."""

    named: str  # the file, or the address of a server
    digest: str
    mapping_text: str
    by: str
    most: int = 0


class Batch(Struct, frozen=True, kw_only=True):
    """A batch as it was begun, or gone on with; `kept` is its row."""

    id: UUID
    name: str
    kept: Row = {}


class Waiting(Struct, frozen=True, kw_only=True):
    """Files that were received and wait for their request."""

    holder: str = ""
    ids: tuple[str, ...] = ()


async def begin(host: Host, town: Jurisdiction, mapping: FieldMapping, order: Order) -> Batch:
    """The batch of this file that did not come to its end, or a new one."""
    table = MigrationBatch
    of_file = (table.jurisdiction == town.code) & (table.source == mapping.source) & (table.digest == order.digest)
    is_open = table.ended_at.is_null() & table.undone_at.is_null()
    async with transaction(host.engine):
        await _name_in_turn(host, town.code)
        rows = await table.select().where(of_file & is_open).limit(1)
        if rows:
            return Batch(id=rows[0]["id"], name=rows[0]["name"], kept=rows[0])
        names = await table.select(table.name).where(table.jurisdiction == town.code)
        row: Row = {
            "id": new_id(),
            "jurisdiction": town.code,
            "name": _next_name(mapping.source, {each["name"] for each in names}),
            "source": mapping.source,
            "file": order.named[:200],
            "digest": order.digest,
            "mapping": order.mapping_text,
            "by": order.by[:120],
            "begun_at": clock.now(),
        }
        await table.insert(table(**row))
    return Batch(id=row["id"], name=row["name"], kept=row)


async def _name_in_turn(host: Host, town: str) -> None:
    """Inside a transaction: two runs at once would choose the same name, and both begin a batch of one file."""
    await turn_of(host.engine, f"{town} migration batches")


def _next_name(source: str, taken: Collection[str]) -> str:
    """After the last batch of a source: those that brought nothing are gone, and another source may end in a number."""
    numbers = [int(end) for each in taken if (end := each.removeprefix(f"{source}-")).isdecimal()]
    return f"{source}-{max(numbers, default=0) + 1}"


async def bring(
    host: Host,
    town: Jurisdiction,
    mapping: FieldMapping,
    judge: Judge,
    batch: Batch,
    most: int,
    tell: Tell,
) -> AsyncIterator[tuple[Judged, str]]:
    """Each row with what became of it, and the reference of its request."""
    silent = quiet(host)
    taken = number = 0
    with background_priority():
        async for judged in judged_in(judge):
            number += 1
            done = judged, judge.reference_of(judged)
            if judged.past is not None and judged.outcome in ("new", "changed"):
                begun = time.monotonic()
                done = await _tried(silent, town, mapping, batch, judged, done[1], judge.old_files)
                taken += done[0].past is not None
                await asyncio.sleep(REST * (time.monotonic() - begun))
            yield done
            if number % TOLD_EVERY == 0:
                tell(SO_FAR.format(number=number, rows=len(judge.source.rows), taken=taken))
            if most and taken >= most:
                return


async def _stands(host: Host, batch: Batch) -> None:
    """Inside a transaction: nothing comes into a batch that is being taken back, nor is it before this one ends."""
    rows = await MigrationBatch.raw(shared(STANDING, host.engine), batch.id)
    if not rows:
        await _stand_again(host, batch)
    elif rows[0]["undone_at"] is not None:
        raise refused(
            "le lot {name} a été retiré entre-temps\u00a0: rien de plus n’est repris",
            "the batch {name} was taken back meanwhile: nothing more is brought in",
            name=batch.name,
        )


async def _stand_again(host: Host, batch: Batch) -> None:
    """Another run of the same file, which brought nothing, took the batch away at its end."""
    town, source = batch.kept["jurisdiction"], batch.kept["source"]
    await _name_in_turn(host, town)
    if await MigrationBatch.exists().where(MigrationBatch.id == batch.id):
        return
    names = {
        each["name"]
        for each in await MigrationBatch.select(MigrationBatch.name).where(MigrationBatch.jurisdiction == town)
    }
    name = _next_name(source, names) if batch.name in names else batch.name
    await MigrationBatch.insert(MigrationBatch(**batch.kept | {"name": name}))


async def end(host: Host, batch: Batch) -> int:
    """The batch was brought in whole; how many requests are of it. One without any is none."""
    origins = await MigrationOrigin.count().where(MigrationOrigin.batch == batch.id)
    async with transaction(host.engine):
        if not origins:
            await MigrationBatch.delete().where(MigrationBatch.id == batch.id)
            return 0
        done: Row = {MigrationBatch.ended_at: clock.now(), MigrationBatch.requests: origins}
        await MigrationBatch.update(done).where(MigrationBatch.id == batch.id)
    return int(origins)


async def _tried(
    silent: Host,
    town: Jurisdiction,
    mapping: FieldMapping,
    batch: Batch,
    judged: Judged,
    reference: str,
    old: OldFiles | None,
) -> tuple[Judged, str]:
    """One row; where it raises it is told and the run goes on, unless the batch or the database is gone for all."""

    async def one() -> tuple[Judged, str] | Unusable | DatabaseTrouble:
        try:
            return await _one(silent, town, mapping, batch, judged, reference, old)
        except (NotUnique, NumberTooLarge):
            raise
        except (Unusable, DatabaseTrouble) as for_all:
            return for_all

    answer = await caught(one)
    if isinstance(answer, Failure):
        return with_failure(judged, answer), reference
    if isinstance(answer.value, Unusable | DatabaseTrouble):
        raise answer.value
    return answer.value


async def _one(
    silent: Host,
    town: Jurisdiction,
    mapping: FieldMapping,
    batch: Batch,
    judged: Judged,
    reference: str,
    old: OldFiles | None,
) -> tuple[Judged, str]:
    past = judged.past
    assert past is not None  # noqa: S101 - of these outcomes it is
    waiting = Waiting()
    if past.files:
        holder = holder_of(town, mapping.source, past.request.key)
        record = await find(silent, reference) if reference else None
        ids, told = await receive(silent, holder, past.files, old, record)
        waiting = Waiting(holder=holder, ids=ids)
        judged = structs.replace(judged, findings=(*judged.findings, *told))
        if any(each.code == "file_away" for each in told):  # so that the row is changed since, when it comes again
            past = structs.replace(past, fingerprint=without_part(past.fingerprint, "words"))
    if reference:
        return await _change(silent, town, mapping, batch, judged, past, reference, waiting)
    written: list[Record] = []

    async def write(record: Record) -> None:
        await _stands(silent, batch)
        written.append(record)
        await _write_past(silent, town, mapping, batch, past, record, waiting)

    with clock.moved_to(past.request.submitted_at):
        receipt = await take_in(
            silent,
            town,
            past.submission,
            actor=ELSEWHERE,
            idempotency_key=f"import:{mapping.source}:{past.request.key}",
            judged=False,
            past=write,
            declares=True,
        )
    if isinstance(receipt, Problems):
        told = tuple(found("not_taken", column=each.path, said=each.message) for each in receipt.found)
        return structs.replace(judged, outcome="refused", findings=(*judged.findings, *told), past=None), ""
    # One that `parvis requests import` brought in before is there already, by the same source and number.
    return (judged if written else structs.replace(judged, outcome="same")), receipt.reference


async def _write_past(
    host: Host,
    town: Jurisdiction,
    mapping: FieldMapping,
    batch: Batch,
    past: PastRequest,
    record: Record,
    waiting: Waiting,
) -> None:
    """Inside the transaction of the intake: the state it had come to, what was noted, and where it comes from."""
    record = await _note(host, record, past.notes)
    happened: tuple[Step | OldNote, ...] = (*past.request.steps, *past.journal)
    for each in sorted(happened, key=lambda one: one.at or past.request.submitted_at):
        record = await (_arrive(host, record, each) if isinstance(each, Step) else _say(host, record, each))
    record = await _attach(host, record, waiting, mapping.language)
    number = past.request.key
    numbers = record.external_references | {mapping.source: number}
    with clock.moved_to(clock.of_machine()):
        origin = Line(
            kind="migrated",
            audience="requester",
            body={"source": mapping.source, "batch": batch.name},
            personal={"number": number},
        )
        columns = NOTHING_STARTS | {"external_references": numbers} | ({"unit": past.unit} if past.unit else {})
        record = await _changed(host, record, Change(line=origin, columns=columns))
    await ClockRow.delete().where(ClockRow.request == record.id)
    found_by = listed_columns(past.request_type, record, host.jurisdictions)
    await ServiceRequest.update({"search_text": found_by["search_text"]}).where(ServiceRequest.id == record.id)
    row = {
        "key": key_of(town, mapping.source, number),
        "request": record.id,
        "batch": batch.id,
        "jurisdiction": town.code,
        "source": mapping.source,
        "number": number,
        "sought": sought_as(number),
        "fingerprint": past.fingerprint,
        "version": record.version,
        "submitted_at": record.submitted_at,
        "closed_at": record.closed_at,
    }
    await insert_values(MigrationOrigin, row)


async def _change(
    host: Host,
    town: Jurisdiction,
    mapping: FieldMapping,
    batch: Batch,
    judged: Judged,
    past: PastRequest,
    reference: str,
    waiting: Waiting,
) -> tuple[Judged, str]:
    """What a changed row brings to a request on which nobody has worked here: its state, and its words as a note."""
    origin = MigrationOrigin
    key = key_of(town, mapping.source, past.request.key)
    async with transaction(host.engine):
        await _stands(host, batch)
        record = await locked(host, reference)
        rows = await origin.select(origin.version).where(origin.key == key)
        if record is None or not rows or rows[0]["version"] != record.version:
            told = (*judged.findings, found("touched"))
            return structs.replace(judged, outcome="touched", findings=told, past=None), reference
        notes, journal = await _news(record, past)
        record = await _note(host, record, notes)
        for each in journal:  # a history goes on: what was noted before its last entry stands after it, with its date
            record = await _say(host, record, each)
        record = await _attach(host, record, waiting, mapping.language)
        if past.state.code != record.state:
            step = Step(at=max(past.since, record.state_since), state=past.state.code)
            record = await _arrive(host, record, step)
        line = Line(kind="migrated_again", audience="internal", body={"source": mapping.source})
        record = await _changed(host, record, Change(line=line, columns=NOTHING_STARTS))
        now: Row = {origin.fingerprint: past.fingerprint, origin.version: record.version}
        now |= {origin.closed_at: record.closed_at}
        await origin.update(now).where(origin.key == key)
    return judged, reference


async def _news(record: Record, past: PastRequest) -> tuple[tuple[str, ...], tuple[OldNote, ...]]:
    """Words of a row that the request does not have yet, and notes of its journal."""
    said = [str((entry.personal or {}).get("words", "")) for entry in await entries_of(record) if entry.kind == "note"]
    known = "\n\n".join((*(each for each in record.answers.values() if isinstance(each, str)), *said))
    words = [each for each in past.request.answers.values() if isinstance(each, str)]
    journal = tuple(each for each in past.journal if each.words not in known)
    return tuple(each for each in (*words, *past.notes) if each not in known), journal


async def _note(host: Host, record: Record, notes: tuple[str, ...]) -> Record:
    if not notes:
        return record
    line = Line(kind="note", audience="internal", personal={"words": "\n\n".join(notes)})
    return await _changed(host, record, Change(line=line))


async def _say(host: Host, record: Record, note: OldNote) -> Record:
    """A note of its journal, at its time and by its author."""
    line = Line(kind="note", audience="internal", personal={"words": note.words})
    author = structs.replace(ELSEWHERE, name=note.by) if note.by else ELSEWHERE
    with clock.moved_to(note.at or record.submitted_at):
        return await _changed(host, record, Change(line=line), author)


async def _attach(host: Host, record: Record, waiting: Waiting, language: str) -> Record:
    """The files of its row, for the people of the town."""
    if not waiting.ids:
        return record
    said = {"words": FROM_BEFORE.to(language)}
    with clock.moved_to(clock.of_machine()):
        return await note_within(
            host, record.reference, said, actor=ELSEWHERE, files=waiting.ids, holder=waiting.holder
        )


async def _arrive(host: Host, record: Record, step: Step) -> Record:
    """The request in a state of its past, at its time. What its parts did then is elsewhere."""

    async def plan(here: Situation) -> Change:
        target = here.request_type.workflow.state(step.state)
        body = {"transition": "", "source": here.record.state, "target": target.code, "imported": True}
        columns = coming_into(here, here.request_type, target, None)
        return Change(line=Line(kind="moved", audience="public", body=body), columns=columns)

    with clock.moved_to(step.at):
        return certainly(await change_within(host, record.reference, plan, actor=ELSEWHERE))


async def _changed(host: Host, record: Record, change: Change, actor: Actor = ELSEWHERE) -> Record:
    async def plan(here: Situation) -> Change:
        return change

    return certainly(await change_within(host, record.reference, plan, actor=actor))


def digest_of(path: Path) -> str:
    """What stands for a file: the same one is gone on with."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
