"""Sequence numbers of changes, given when somebody reads, to what is committed by then, so that none is skipped.

A number taken by the change itself would become visible out of order: a transaction that commits late appears after a
reader has passed its number. So changes take none. A reader gives the next numbers to every request whose version
differs from the one numbered last; readers take turns.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.access_scope import Condition
from parvis.db.engines import Engine, held
from parvis.db.transaction import transaction
from parvis_changes.removed import Removed, as_moment, is_any_new, number_removed, removed_since
from parvis_changes.tables import NumberedChange, Numbering

ONLY = "requests"
MOST_AT_ONCE = 5_000  # that one reader numbers: about a second
MARGIN = timedelta(minutes=5)  # a change is dated a moment before its transaction begins, by the clock of its machine
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)
OLDEST_OPEN = """SELECT coalesce(extract(epoch FROM max(now() - xact_start)), 0)::float8 AS seconds
FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL"""
NEWS = """SELECT r.id, r.version, r.updated_at FROM service_request r
LEFT JOIN numbered_change n ON n.request = r.id
WHERE r.updated_at >= {} AND (n.request IS NULL OR n.version <> r.version)
ORDER BY r.updated_at, r.id LIMIT {}"""
NUMBER = f"""INSERT INTO numbered_change (request, version, number)
SELECT id, version, {{}} + row_number() OVER (ORDER BY updated_at, id) FROM ({NEWS}) AS news WHERE true
ON CONFLICT (request) DO UPDATE SET version = excluded.version, number = excluded.number"""  # noqa: S608 - ours
REACHED = """SELECT count(*) AS many, max(n.number) AS last,
max(CASE WHEN n.version = r.version THEN r.updated_at END) AS at
FROM numbered_change n JOIN service_request r ON r.id = n.request WHERE n.number > {}"""
PAGE = """SELECT n.number, n.request FROM numbered_change n
WHERE n.number > {{}} AND n.request IN (SELECT id FROM service_request WHERE {seen}) ORDER BY n.number LIMIT {{}}"""


class ChangedRequest(Struct, frozen=True):
    """A request that changed, by the number of its last change."""

    number: int
    id: UUID


class ChangePage(Struct, frozen=True, kw_only=True):
    """Some of them, those that are gone, and whether there are more behind the last."""

    changed: tuple[ChangedRequest, ...]
    removed: tuple[Removed, ...]
    more: bool

    @property
    def last(self) -> int:
        """The number of the last of them; 0 where there is none."""
        numbers = [*(each.number for each in self.changed), *(each.number for each in self.removed)]
        return max(numbers, default=0)


async def changes_since(
    engine: Engine, seen: tuple[str, list[Any]], within: Condition, number: int, most: int
) -> ChangePage:
    """What changed after that number, in the order of numbers, of what is `seen` (a condition and its values); each
    request once, at its last change. Of what is gone, that which lay `within` somebody's reach."""
    every = await number_news(engine)
    condition, values = seen
    rows = await NumberedChange.raw(PAGE.format(seen=condition), number, *values, most + 1)
    changed = [ChangedRequest(number=row["number"], id=row["request"]) for row in rows]
    removed = await removed_since(within, number, most + 1)
    every_one: list[ChangedRequest | Removed] = [*changed, *removed]
    both = sorted(every_one, key=lambda each: each.number)
    return ChangePage(
        changed=tuple(each for each in both[:most] if isinstance(each, ChangedRequest)),
        removed=tuple(each for each in both[:most] if isinstance(each, Removed)),
        more=len(both) > most or not every,
    )


async def number_news(engine: Engine) -> bool:
    """Give the next numbers to what changed and was committed since they were given last; whether all of it has one."""
    settled = await _settled_until(engine)
    known = await Numbering.select().where(Numbering.key == ONLY)
    is_news = await NumberedChange.raw(NEWS, (known[0]["since"] if known else None) or LONG_AGO, 1)
    if not is_news and not await is_any_new():
        return True
    async with transaction(engine):
        await Numbering.insert(Numbering(key=ONLY)).on_conflict(target=Numbering.key, action="DO NOTHING")
        [state] = await held(Numbering.select().where(Numbering.key == ONLY), engine)
        since = state["since"] or LONG_AGO
        await NumberedChange.raw(NUMBER, state["last"], since, MOST_AT_ONCE)
        [reached] = await NumberedChange.raw(REACHED, state["last"])
        if reached["many"]:
            if reached["many"] == MOST_AT_ONCE:  # those behind the last one are still to come
                settled = min(settled, as_moment(reached["at"] or since))
            since = max(since, settled)
        last = reached["last"] or state["last"]
        gone = await number_removed(last, MOST_AT_ONCE)
        await Numbering.update({"last": last + gone, "since": since}).where(Numbering.key == ONLY)
    return max(int(reached["many"]), gone) < MOST_AT_ONCE


async def _settled_until(engine: Engine) -> datetime:
    """Before which moment no change can be dated that is not committed yet; to be asked before changes are read."""
    age = 0.0
    if engine.engine_type == "postgres":
        [row] = await NumberedChange.raw(OLDEST_OPEN)
        age = row["seconds"]
    return clock.now() - MARGIN - timedelta(seconds=age)
