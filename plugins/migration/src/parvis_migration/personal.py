"""What of its tables goes with a request that is erased, and what keeps requests from falling due unseen."""

from uuid import UUID

import msgspec

from parvis.db.tables import ServiceRequest
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule, Personal
from parvis_migration.tables import MigrationOrigin

UNSEEN = """
SELECT o.request FROM migration_origin o JOIN migration_batch b ON b.id = o.batch
WHERE b.seen_at IS NULL OR EXISTS (SELECT 1 FROM entry e WHERE e.request = o.request
AND e.kind IN ('migrated', 'migrated_again') AND e.at > b.seen_at)"""
"""What came in, or was changed by its row, since somebody has seen what of its batch would be due."""


async def forget(host: Host, request: UUID) -> None:
    """Inside the transaction of an erasure: its number in the old system goes from among those that others gave it."""
    sources = await MigrationOrigin.select(MigrationOrigin.source).where(MigrationOrigin.request == request)
    if not sources:
        return
    table = ServiceRequest
    [row] = await table.select(table.external_references).where(table.id == request)
    known = msgspec.json.decode(row["external_references"], type=dict[str, str])
    left = {name: number for name, number in known.items() if name != sources[0]["source"]}
    await table.update({table.external_references: msgspec.json.encode(left).decode()}).where(table.id == request)


ERASURE = ErasureRule(
    personal=(Personal(table="migration_origin", blank={"number": "", "sought": "", "fingerprint": ""}),),
    forget=forget,
    needed=(UNSEEN,),
)
"""The key stays, so that the file of the old system does not bring an erased request in again."""
