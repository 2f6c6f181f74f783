"""A whole run with its account of every row, the batches of a town, and what of one is past its retention."""

from collections.abc import AsyncIterator
from datetime import datetime

from msgspec import Struct

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.requests.host import Host
from parvis_migration.attached import OldFiles
from parvis_migration.bringing import Order, Tell, begin, bring, end
from parvis_migration.judging import Judge
from parvis_migration.linking import has_links, judged_links, tie
from parvis_migration.mapping import FieldMapping
from parvis_migration.sources import Source
from parvis_migration.tables import MigrationBatch, MigrationOrigin
from parvis_migration.trying import Told, Trial, tell_bad_links, trial_of
from parvis_migration.undoing import batch_named
from parvis_sdk.text import Text

DUE = """
SELECT r.reference, r.type, r.closed_at, r.retention_due_at, o.source, o.number
FROM migration_origin o JOIN service_request r ON r.id = o.request
WHERE o.batch = {} AND r.erased_at IS NULL AND r.retention_due_at <= {} ORDER BY r.retention_due_at, r.reference"""


TIED = Text(fr="liens faits\u00a0: {tied}", en="links made: {tied}")
OF_BATCH = Text(
    fr="{name}\u00a0: {file}, {begun}, par {by}\u00a0; requêtes\u00a0: {requests}{became}",
    en="{name}: {file}, {begun}, by {by}; requests: {requests}{became}",
)
TAKEN_BACK = Text(fr="\u00a0; retiré par {by}", en="; taken back by {by}")
NOT_ENDED = Text(fr="\u00a0; pas terminé\u00a0: relancez-le", en="; not brought in to its end: run it again")
SEEN = Text(fr="\u00a0; liste de ce qui est dû vue par {by}", en="; list of what is due seen by {by}")
OF_DUE = Text(fr="{which}depuis le {since}", en="{which}since {since}")
IN_ALL = Text(fr="conservation écoulée\u00a0: {number}", en="past their retention: {number}")
NOTHING = Text(fr="", en="")


class Done(Struct, frozen=True, kw_only=True):
    """What a run came to."""

    batch: str
    requests: int
    is_over: bool
    trial: Trial


async def run_through(
    host: Host,
    town: Jurisdiction,
    mapping: FieldMapping,
    source: Source,
    order: Order,
    tell: Tell,
    told: Told,
    old: OldFiles | None = None,
) -> Done:
    """Bring a file in with the files that its rows name, or go on where the run before ended."""
    batch = await begin(host, town, mapping, order)
    judge, trial = Judge(host, town, mapping, source, old), trial_of(source)
    async for judged, reference in bring(host, town, mapping, judge, batch, order.most, tell):
        trial.count(judge, judged)
        told(judged, reference)
    requests = await MigrationOrigin.count().where(MigrationOrigin.batch == batch.id)
    if trial.is_whole and has_links(mapping):
        tied = 0
        async for links in judged_links(town, mapping, source, trial.became):
            tied += await tie(host, links)
            tell_bad_links(links, trial, told)
        tell(TIED.format(tied=tied))
    if order.most or trial.is_whole:
        requests = await end(host, batch)
    return Done(batch=batch.name, requests=requests, is_over=trial.is_whole, trial=trial)


async def lines_of_batches(town: Jurisdiction) -> AsyncIterator[Text]:
    """One line for each batch, the oldest first."""
    table = MigrationBatch
    for row in await table.select().where(table.jurisdiction == town.code).order_by(table.begun_at):
        origins = await MigrationOrigin.count().where(MigrationOrigin.batch == row["id"])
        begun = local_day(town.calendar, row["begun_at"]).isoformat()
        said = {name: row[name] for name in ("name", "file", "by")}
        yield OF_BATCH.format(**said, begun=begun, requests=origins, became=_became(row))


def _became(row: Row) -> Text:
    if row["undone_at"] is not None:
        return TAKEN_BACK.format(by=row["undone_by"])
    if row["ended_at"] is None:
        return NOT_ENDED
    return SEEN.format(by=row["seen_by"]) if row["seen_at"] is not None else NOTHING


async def lines_of_due(town: Jurisdiction, name: str) -> AsyncIterator[Text]:
    """What of a batch is past its retention, the oldest first."""
    batch = await batch_named(town, name)
    rows = await MigrationOrigin.raw(DUE, batch["id"], clock.now())
    for row in rows:
        since = local_day(town.calendar, row["retention_due_at"]).isoformat()
        which = f"{row['reference']}  {row['type']}  {row['source']} {row['number']}  "
        yield OF_DUE.format(which=which, since=since)
    yield IN_ALL.format(number=len(rows))


async def say_seen(host: Host, town: Jurisdiction, name: str, by: str, at: datetime) -> None:
    """Somebody has seen the list as it was at a moment: what is due is so from now on, by the rules of the town.

    What came in since then, while they were reading, they have not seen.
    """
    batch = await batch_named(town, name)
    async with transaction(host.engine):
        seen: Row = {MigrationBatch.seen_at: at, MigrationBatch.seen_by: by[:120]}
        await MigrationBatch.update(seen).where(MigrationBatch.id == batch["id"])
