"""Who follows a request that is merged: they follow the other one from then on, and come back when it is parted."""

from collections.abc import Collection
from uuid import UUID

from parvis.db.tables import Follower as FollowerRow
from parvis.requests.records import Record


async def hand_over(record: Record, other: Record) -> tuple[str, ...]:
    """In a transaction: who follows the one follows the other from now on; those who do already stay where they are."""
    theirs = await FollowerRow.select(FollowerRow.email).where(FollowerRow.request == other.id)
    known = {row["email"].lower() for row in theirs}
    rows = await FollowerRow.select(FollowerRow.id, FollowerRow.email).where(
        FollowerRow.request == record.id, FollowerRow.state.is_in(["asked", "active"])
    )
    gone = [row["id"] for row in rows if row["email"].lower() not in known]
    if gone:
        await FollowerRow.update({FollowerRow.request: other.id}).where(FollowerRow.id.is_in(gone))
    return tuple(str(id) for id in gone)


async def hand_back(record: Record, other: Record, ids: Collection[str]) -> None:
    """Inside a transaction: those who came over follow the first one again."""
    wanted = [UUID(id) for id in ids]
    if wanted:
        await FollowerRow.update({FollowerRow.request: record.id}).where(
            (FollowerRow.request == other.id) & FollowerRow.id.is_in(wanted)
        )
