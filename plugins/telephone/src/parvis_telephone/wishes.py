"""How somebody wishes to be told: at which hours, and in large print; kept with a request, offered at the next call."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from parvis.db import transaction
from parvis.requests.host import Host
from parvis_sdk.cleaning import clean
from parvis_telephone.tables import CallerWish as WishRow

MOST_HOURS = 200
LATEST = """
SELECT w.request, w.hours, w.large_print FROM service_request r JOIN telephone_wish w ON w.request = r.id
WHERE r.reference IN ({marks}) ORDER BY r.submitted_at DESC LIMIT 1
"""
KEEP = """
INSERT INTO telephone_wish (request, hours, large_print) VALUES ({}, {}, {})
ON CONFLICT (request) DO UPDATE SET hours = excluded.hours, large_print = excluded.large_print
"""


class Wish(Struct, frozen=True, kw_only=True):
    """When somebody can be reached, in their own words, and whether they read large print."""

    hours: str = ""
    large_print: bool = False


NONE = Wish()


async def keep_wish(host: Host, request: UUID, wish: Wish) -> None:
    """Keep what the person of a request wishes, if they wish anything."""
    said = clean(wish.hours).strip()[:MOST_HOURS]
    if said or wish.large_print:
        async with transaction(host.engine):
            await WishRow.raw(KEEP, request, said, wish.large_print)


async def latest_wish(references: Collection[str]) -> Wish:
    """What somebody wished when one of these requests was made, the latest; one statement."""
    if not references:
        return NONE
    rows = await WishRow.raw(LATEST.format(marks=", ".join(["{}"] * len(references))), *references)
    return Wish(hours=rows[0]["hours"], large_print=bool(rows[0]["large_print"])) if rows else NONE


async def wishes_of(requests: Collection[UUID]) -> dict[UUID, Wish]:
    """What the people of these requests wish, those who wish anything; one statement."""
    rows = await WishRow.select().where(WishRow.request.is_in(list(requests))) if requests else []
    return {row["request"]: Wish(hours=row["hours"], large_print=row["large_print"]) for row in rows}
