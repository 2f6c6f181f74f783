"""Taking a batch back: the requests that nobody has touched are gone as if they had never come; the others stay."""

from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.people_tables import OneTimeLink
from parvis.db.tables import Attachment, Entry, Follower, IdempotencyKey, Row, ServiceRequest, Tie
from parvis.jurisdictions import Jurisdiction
from parvis.outbox import deliveries, letters, memory
from parvis.requests.attached.dropping import CONTENTS, contents_in, drop_unused
from parvis.requests.erasure_rules import forget_all
from parvis.requests.host import Host
from parvis.requests.records import Record, all_locked
from parvis_migration.refusals import refused
from parvis_migration.tables import MigrationBatch, MigrationOrigin

AT_ONCE = 50  # requests of one transaction
OF_BATCH = """
SELECT o.key, o.request, r.reference, r.version, o.version AS kept_version, r.erased_at
FROM migration_origin o JOIN service_request r ON r.id = o.request WHERE o.batch = {} ORDER BY r.reference"""


class Undone(Struct, frozen=True, kw_only=True):
    """What became of a batch: how many requests are gone, and the references of those that stay."""

    gone: int
    stay: tuple[str, ...]


async def batch_named(town: Jurisdiction, name: str) -> Row:
    """The row of a batch, by its name."""
    of_town = (MigrationBatch.jurisdiction == town.code) & (MigrationBatch.name == name)
    rows = await MigrationBatch.select().where(of_town)
    if not rows:
        raise refused(
            "{town} n’a pas de lot «\u00a0{name}\u00a0»\u00a0: voyez `parvis migration batches --town {town}`",
            "{town} has no batch “{name}”: see `parvis migration batches --town {town}`",
            town=town.code,
            name=name,
        )
    return dict(rows[0])


async def undo(host: Host, town: Jurisdiction, name: str, by: str) -> Undone:
    """Take a batch back, and stop a run that is still bringing it in; killed, the same command goes on."""
    batch = await batch_named(town, name)
    if batch["undone_at"] is not None and not await MigrationOrigin.count().where(MigrationOrigin.batch == batch["id"]):
        raise refused(
            "{name} a déjà été retiré par {by}, et il n’en reste rien",
            "{name} was already taken back by {by}, and nothing of it is left",
            name=name,
            by=batch["undone_by"],
        )
    async with transaction(host.engine):
        told: Row = {MigrationBatch.undone_at: clock.now(), MigrationBatch.undone_by: by[:120]}
        await MigrationBatch.update(told).where(MigrationBatch.id == batch["id"])
    rows = await MigrationOrigin.raw(OF_BATCH, batch["id"])
    untouched = [row for row in rows if row["version"] == row["kept_version"] and row["erased_at"] is None]
    stay = {row["reference"] for row in rows} - {row["reference"] for row in untouched}
    gone = 0
    for start in range(0, len(untouched), AT_ONCE):
        some = untouched[start : start + AT_ONCE]
        left = await _take_back(host, {row["reference"]: row["kept_version"] for row in some})
        gone += len(some) - len(left)
        stay |= left
    return Undone(gone=gone, stay=tuple(sorted(stay)))


async def _take_back(host: Host, versions: dict[str, int]) -> set[str]:
    """Destroy these requests with all that stands of them; those that were touched meanwhile are answered."""
    async with transaction(host.engine):
        records = await all_locked(host, versions)
        followed = await _followed([each.id for each in records.values()])
        taken = [
            each
            for reference, each in records.items()
            if each.version == versions[reference] and each.id not in followed
        ]
        theirs = Attachment.request.is_in([each.id for each in taken])
        files = await Attachment.select(*CONTENTS).where(theirs) if taken else []
        for record in taken:
            await _forget(host, record)
        if taken:
            await _delete([each.id for each in taken], [each.reference for each in taken])
    await drop_unused(host, contents_in(files))
    return {*records} - {each.reference for each in taken}


async def _followed(requests: Sequence[UUID]) -> set[UUID]:
    """Of these requests those that a resident follows, for which one has a link, or that a request of today goes on
    with: they were touched here."""
    given = list(requests)
    followed: set[UUID] = {
        row["request"]
        for table in (Follower, OneTimeLink)
        for row in await table.select(table.request).where(table.request.is_in(given))
    }
    if not given:
        return followed
    rows = await Tie.select(Tie.one, Tie.other).where(Tie.one.is_in(given) | Tie.other.is_in(given))
    tied = {row[side] for row in rows for side in ("one", "other")}
    origins = await MigrationOrigin.select(MigrationOrigin.request).where(
        MigrationOrigin.request.is_in([*tied, *given])
    )
    past = {row["request"] for row in origins}
    for row in rows:
        if {row["one"], row["other"]} - past:
            followed |= {row["one"], row["other"]} & set(given)
    return followed


async def _forget(host: Host, record: Record) -> None:
    """What every owner of tables keeps of a request, as at an erasure."""
    await forget_all(host, record)
    await deliveries.forget_request(record.id)
    await letters.forget_request(record.reference)
    await memory.forget_request(record.reference)


async def _delete(ids: Sequence[UUID], references: Sequence[str]) -> None:
    await Tie.delete().where(Tie.one.is_in(list(ids)) | Tie.other.is_in(list(ids)))
    await Attachment.delete().where(Attachment.request.is_in(list(ids)))
    await Entry.delete().where(Entry.request.is_in(list(ids)))
    await MigrationOrigin.delete().where(MigrationOrigin.request.is_in(list(ids)))
    await IdempotencyKey.delete().where(IdempotencyKey.reference.is_in(list(references)))
    await ServiceRequest.delete().where(ServiceRequest.id.is_in(list(ids)))
