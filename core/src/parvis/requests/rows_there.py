"""Which tables have rows of one request: asked of all of them in one statement, with who asked for it."""

from functools import cache, partial

import structlog
from msgspec import Struct

from parvis.db.tables import Contact
from parvis.plugins.trying import Failure, caught
from parvis.requests.contacts import Reachability, known_of, person_in, reach_in
from parvis.requests.records import Record
from parvis_sdk.requests import Requester

log = structlog.get_logger("parvis.requests")


class RowsOf(Struct, frozen=True):
    """Rows that a table may have of a request; in the condition `t` is the row, `r` the request, `c` its contact."""

    table: str
    condition: str = "t.request = r.id"


FILES = RowsOf("attachment")


class KnownBeside(Struct, frozen=True, kw_only=True):
    """Who asked, how they are reached, and of which rows there are none."""

    contact: Requester | None = None
    reached: Reachability = Reachability()
    lacking: frozenset[RowsOf] = frozenset()


async def known_beside(record: Record, rows: tuple[RowsOf, ...]) -> KnownBeside:
    """All of it by one statement. Where that fails, a module may have asked wrongly: then nothing is said to lack."""
    done = await caught(partial(Contact.raw, _statement(rows), record.id))
    if isinstance(done, Failure):
        log.error("rows of a request", trouble=str(done))
        contact, reached = await known_of(record)
        return KnownBeside(contact=contact, reached=reached)
    found = done.value[0]
    is_known = found["request"] is not None
    return KnownBeside(
        contact=person_in(found, record.identity) if is_known else None,
        reached=reach_in(found) if is_known else Reachability(),
        lacking=frozenset(each for number, each in enumerate(rows) if not found[f"there_{number}"]),
    )


@cache
def _statement(rows: tuple[RowsOf, ...]) -> str:
    looks = (
        f"EXISTS(SELECT 1 FROM {each.table} t WHERE {each.condition}) AS there_{number}"  # noqa: S608 - of modules
        for number, each in enumerate(rows)
    )
    columns = ", ".join(("c.*", *looks))
    return f"SELECT {columns} FROM service_request r LEFT JOIN contact c ON c.request = r.id WHERE r.id = {{}}"  # noqa: S608
