"""The groups of the public map as everybody is told them, kept for a moment; what is public no more leaves at once."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from parvis import clock
from parvis.db.tables import ServiceRequest
from parvis.requests.host import Host
from parvis.requests.lists.mapped import Group, grouped
from parvis.requests.lists.search import Filters
from parvis.requests.visibility import PUBLIC

SHORT_LIFE, LOOKED_AT = timedelta(seconds=30), timedelta(seconds=1)
MOST_KEPT = 64


class KeptGroups(Struct, kw_only=True):
    """What a map was told: counted anew after `until`; single requests are looked at again after `looked`."""

    groups: tuple[Group, ...]
    until: datetime
    looked: datetime


class Groups:
    """What maps were told a moment ago, so that a crowd that looks at the same town costs what one person costs."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], KeptGroups] = {}
        self._asking: dict[tuple[Any, ...], asyncio.Lock] = {}

    async def of(self, host: Host, jurisdiction: str, filters: Filters, cells: float) -> tuple[Group, ...]:
        """The groups of the public list, for a map on which so many cells lie within one degree of latitude."""
        key = (jurisdiction, filters, cells)
        async with self._asking.setdefault(key, asyncio.Lock()):
            now, kept = clock.now(), self._kept.get(key)
            if kept is None or kept.until <= now:
                groups = await grouped(host, PUBLIC, jurisdiction, filters, cells)
                kept = KeptGroups(groups=groups, until=now + SHORT_LIFE, looked=now + LOOKED_AT)
                self._keep(key, kept)
            elif kept.looked <= now:
                kept.groups, kept.looked = await still_public(kept.groups), now + LOOKED_AT
        return kept.groups

    def _keep(self, key: tuple[Any, ...], kept: KeptGroups) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
            self._asking = {each: lock for each, lock in self._asking.items() if lock.locked()}
        self._kept[key] = kept


async def still_public(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """The groups without single requests that are public no more: withdrawn, hidden or erased a moment ago.

    Of several together only a number is told; it follows when they are counted anew.
    """
    single, table = [each.reference for each in groups if each.reference], ServiceRequest
    if not single:
        return groups
    public = table.reference.is_in(single) & (table.public == True) & table.erased_at.is_null()  # noqa: E712 - of a column
    there = set(await table.select(table.reference).where(public).output(as_list=True))
    return tuple(each for each in groups if not each.reference or each.reference in there)
