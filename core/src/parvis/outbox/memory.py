"""The small store in which the host remembers for plugins, by plugin and, where it concerns one, by request."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from parvis import clock
from parvis.db.tables import Memory
from parvis.identifiers import new_id

KEEP = """
INSERT INTO memory (id, plugin, request, key, value, changed_at) VALUES ({}, {}, {}, {}, {}, {})
ON CONFLICT (plugin, request, key) DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at"""

ONCE = """
INSERT INTO memory (id, plugin, request, key, value, changed_at) VALUES ({}, {}, {}, {}, {}, {})
ON CONFLICT (plugin, request, key) DO NOTHING RETURNING id"""


async def remember(plugin: str, key: str, value: Any, *, reference: str = "") -> None:
    """Inside a transaction: keep a value of JSON under a key, in place of what was there."""
    kept = msgspec.json.encode(value, order="deterministic").decode()
    await Memory.raw(KEEP, new_id(), plugin, reference, key, kept, clock.now())


async def remember_all(plugin: str, values: Mapping[str, Any], *, reference: str = "") -> None:
    """Inside a transaction: keep several values, each in place of what was there; None forgets."""
    for key, value in values.items():
        if value is None:
            await forget(plugin, key, reference=reference)
        else:
            await remember(plugin, key, value, reference=reference)


async def once(plugin: str, reference: str, key: str, value: Any = True) -> bool:
    """Inside a transaction: True the first time that this key is asked about for this request, False ever after.

    The first one also keeps its value; of two that ask at once, the second waits for the first to be written.
    """
    kept = msgspec.json.encode(value, order="deterministic").decode()
    return bool(await Memory.raw(ONCE, new_id(), plugin, reference, key, kept, clock.now()))


async def recall(plugin: str, key: str, *, reference: str = "") -> Any:
    """The value kept under a key, or None."""
    rows = await Memory.select(Memory.value).where(_of(plugin, reference) & (Memory.key == key))
    return msgspec.json.decode(rows[0]["value"]) if rows else None


async def recall_all(plugin: str, *, reference: str = "") -> dict[str, Any]:
    """Everything that a plugin keeps, for itself or about one request."""
    rows = await Memory.select(Memory.key, Memory.value).where(_of(plugin, reference)).order_by(Memory.key)
    return {row["key"]: msgspec.json.decode(row["value"]) for row in rows}


async def recall_of_each(plugin: str, references: Collection[str]) -> dict[str, dict[str, Any]]:
    """Everything that a plugin keeps about each of these requests, in one statement."""
    found: dict[str, dict[str, Any]] = {each: {} for each in references}
    if not found:
        return found
    theirs = (Memory.plugin == plugin) & Memory.request.is_in(list(references))
    for row in await Memory.select(Memory.request, Memory.key, Memory.value).where(theirs).order_by(Memory.key):
        found[row["request"]][row["key"]] = msgspec.json.decode(row["value"])
    return found


async def forget(plugin: str, key: str, *, reference: str = "") -> None:
    """Inside a transaction: drop one value."""
    await Memory.delete().where(_of(plugin, reference) & (Memory.key == key))


async def forget_request(reference: str) -> None:
    """Inside the transaction of an erasure: drop what every plugin keeps about one request."""
    await Memory.delete().where((Memory.request == reference) & (Memory.request != ""))


def _of(plugin: str, reference: str) -> Any:
    return (Memory.plugin == plugin) & (Memory.request == reference)
