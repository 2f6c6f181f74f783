"""Colleagues named in internal notes (`@Luc Roy`): who is meant, and what waits for them until they have seen it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from parvis.db import insert_values, transaction
from parvis.db.tables import ServiceRequest
from parvis.db.writing_tables import Mention as MentionRow
from parvis.identifiers import new_id
from parvis.requests.heart import Heart
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record, record_of
from parvis.requests.visibility import Viewer, sees
from parvis.text_normalisation import fold

MOST = 200  # of the newest, on one page
AT = "@"


class Mention(Struct, frozen=True, kw_only=True):
    """One note that names somebody, with its request."""

    record: Record
    by: str
    at: datetime


def named_in(words: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """The ids of those whose whole name follows an `@`, whatever its accents and capitals.

    >>> named_in("Vois avec @éric roy, merci", {"1": "Éric Roy", "2": "Éric Royal"})
    ('1',)
    """
    said = fold(words)
    found = []
    for id, name in people.items():
        sought = AT + fold(name)
        begins = said.find(sought) if len(sought) > 1 else -1
        while begins >= 0 and said[begins + len(sought) : begins + len(sought) + 1].isalnum():
            begins = said.find(sought, begins + 1)
        if begins >= 0:
            found.append(id)
    return tuple(found)


async def keep_mentions(record: Record, people: Iterable[str], by: str, at: datetime) -> None:
    """Inside a unit: that the entry about to be the request's next one names these people."""
    for each in people:
        row = {"request": record.id, "reference": record.reference, "agent": UUID(each), "by": by[:120]}
        await insert_values(MentionRow, {"id": new_id(), **row, "entry": record.entries + 1, "at": at})


async def mentions_of(heart: Heart, viewer: Viewer, jurisdiction: str) -> tuple[Mention, ...]:
    """What waits for this person, the newest first, of requests that they may still see: in two statements."""
    rows = (
        await MentionRow.select()
        .where(MentionRow.agent == UUID(viewer.id))
        .order_by(MentionRow.at, ascending=False)
        .limit(MOST)
    )
    if not rows:
        return ()
    found = await ServiceRequest.select().where(ServiceRequest.id.is_in([row["request"] for row in rows]))
    records = {row["id"]: record_of(row) for row in found}
    return tuple(
        Mention(record=record, by=row["by"], at=row["at"])
        for row in rows
        if (record := records.get(row["request"])) is not None
        and record.jurisdiction == jurisdiction
        and sees(viewer, record, heart.territory)
    )


async def seen(heart: Heart, viewer: Viewer, record: Record) -> None:
    """The person has seen what names them about this request."""
    async with transaction(heart.engine):
        await MentionRow.delete().where((MentionRow.agent == UUID(viewer.id)) & (MentionRow.request == record.id))


ERASURE = ErasureRule(personal=(Personal(table="mention"),))
"""Nobody is led any more to a request whose notes are destroyed."""
