"""The groups of the public map as everybody is told them, kept for a moment."""

import asyncio
from datetime import timedelta
from typing import Any

from parvis import clock
from parvis.requests.host import Host
from parvis.requests.lists.mapped import Group, grouped
from parvis.requests.lists.search import Filters
from parvis.requests.visibility import PUBLIC

SHORT_LIFE = timedelta(seconds=30)
MOST_KEPT = 64


class Groups:
    """What maps were told a moment ago, so that a crowd that looks at the same town costs what one person costs."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], tuple[Any, tuple[Group, ...]]] = {}
        self._asking: dict[tuple[Any, ...], asyncio.Lock] = {}

    async def of(self, host: Host, jurisdiction: str, filters: Filters, cells: float) -> tuple[Group, ...]:
        """The groups of the public list, for a map on which so many cells lie within one degree of latitude."""
        key = (jurisdiction, filters, cells)
        async with self._asking.setdefault(key, asyncio.Lock()):
            now = clock.now()
            until, groups = self._kept.get(key, (now, ()))
            if until <= now:
                groups = await grouped(host, PUBLIC, jurisdiction, filters, cells)
                self._keep(key, now + SHORT_LIFE, groups)
        return groups

    def _keep(self, key: tuple[Any, ...], until: Any, groups: tuple[Group, ...]) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
            self._asking = {each: lock for each, lock in self._asking.items() if lock.locked()}
        self._kept[key] = (until, groups)
