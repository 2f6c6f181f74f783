"""What plugins use of the host: deliveries, tries and what is remembered for them, by subscriber."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis.db.tables import Delivery, Memory

DELIVERIES = """
SELECT subscriber, COUNT(*) AS deliveries, SUM(attempts) AS tries, SUM(COALESCE(blocked, 0)) AS blocked,
       SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS dead
FROM delivery WHERE made_at >= {} GROUP BY subscriber"""
REMEMBERED = "SELECT plugin, COUNT(*) AS kept, SUM(LENGTH(value)) AS characters FROM memory GROUP BY plugin"


class PluginUse(Struct, frozen=True, kw_only=True):
    """Deliveries made since a moment, tries of them, tries that blocked the worker, deliveries given up; and how many
    values are remembered, of how many characters together."""

    deliveries: int = 0
    tries: int = 0
    blocked: int = 0
    dead: int = 0
    kept: int = 0
    characters: int = 0


async def use_of_each(since: datetime) -> dict[str, PluginUse]:
    """By subscriber of deliveries, and by who something is remembered for."""
    told = {row.pop("subscriber"): _use(row) for row in await Delivery.raw(DELIVERIES, since)}
    kept = {row.pop("plugin"): _use(row) for row in await Memory.raw(REMEMBERED)}
    return {name: together((told.get(name), kept.get(name))) for name in (*told, *kept)}


def _use(row: dict[str, Any]) -> PluginUse:
    return PluginUse(**{name: int(value) for name, value in row.items()})


def together(uses: Iterable[PluginUse | None]) -> PluginUse:
    """The sum of several."""
    found = [each for each in uses if each is not None]
    return PluginUse(**{name: sum(getattr(each, name) for each in found) for name in PluginUse.__struct_fields__})


def use_by(names: Iterable[str], uses: Mapping[str, PluginUse]) -> PluginUse:
    """What the subscribers of one plugin use together."""
    return together(uses.get(name) for name in dict.fromkeys(names))
