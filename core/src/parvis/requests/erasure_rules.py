"""Erasing what is personal of a request wherever it stands: each owner of tables says so, the core's rooms first."""

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import ServiceRequest
from parvis.modules import part
from parvis.requests.former_modules import FormerModules
from parvis.requests.host import Host
from parvis.requests.personal import ErasureRule, Personal, StoredContent
from parvis.requests.records import Record

CORE = (
    "parvis.requests.contacts",
    "parvis.requests.work.untold",
    "parvis.requests.work.conversation",
    "parvis.requests.parts.together",
    "parvis.requests.parties",
    "parvis.requests.persons.followers",
    "parvis.requests.attached.attachments",
    "parvis.requests.history",
    "parvis.requests.access_log",
    "parvis.requests.relations.merged",
    "parvis.requests.drafting",
    "parvis.requests.persons.person",
)
"""The rooms that own tables, in the order in which their rows go; each has its rule under the name ERASURE."""


def erasure_rules(host: Host) -> Iterator[ErasureRule]:
    """Those of the core, then of every module that is installed, on or not, and what those that were removed left."""
    for name in (*CORE, *host.modules.registry.packages("personal").values()):
        rule: ErasureRule = part(name).ERASURE
        yield rule
    yield from (plan.erasure for plan in host.of(FormerModules).plans)


def settled(host: Host) -> str:
    """In SQL: that nothing needs a request any more: no condition, no document in force, no other request."""
    return _outside("id", (each for rule in erasure_rules(host) for each in rule.needed))


def waits_for_nothing(host: Host) -> str:
    """In SQL: that a file goes with no draft and with no answer that is being typed."""
    return _outside("holder", (each for rule in erasure_rules(host) for each in rule.typed))


def whose_owner_is_there(host: Host) -> str:
    """In SQL: that a file is held by nobody in particular, or by an owner that is asked; others may come back."""
    theirs = (f"holder LIKE '{rule.holds}%'" for rule in erasure_rules(host) if rule.holds)
    either = " OR ".join(("holder NOT LIKE '%:%'", *theirs))
    return f"({either})"


async def contents_known(host: Host, request: UUID) -> set[str]:
    """The digests of everything in the store that its owners keep for a request, beside its attachments."""
    found: set[str] = set()
    for each in _contents(host):
        select = f'SELECT "{each.column}" FROM "{each.table}" WHERE "{each.by}" = {{}}'  # noqa: S608 - of its owner
        found.update(row[each.column] for row in await ServiceRequest.raw(select, request))
    return found - {""}


def columns_of_contents(host: Host) -> tuple[tuple[str, str], ...]:
    """The columns that name contents of the store: of received files, and of everything that owners of tables keep."""
    kept = ((each.table, each.column) for each in _contents(host))
    return ("attachment", "digest"), ("attachment", "small"), *dict.fromkeys(kept)


async def needed_among(host: Host, digests: Collection[str]) -> set[str]:
    """Of these contents of the store, a few hundred at most, those that some row still names."""
    found: set[str] = set()
    holes = ", ".join(["{}"] * len(digests)) or "NULL"
    for table, column in columns_of_contents(host):
        select = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IN ({holes})'  # noqa: S608 - of its owner
        found.update(row[column] for row in await ServiceRequest.raw(select, *digests))
    return found


async def told_besides(host: Host, record: Record) -> dict[str, list[dict[str, Any]]]:
    """What owners of tables give to a person who asks for everything, by table, as it is stored."""
    told: dict[str, list[dict[str, Any]]] = {}
    for personal in (each for rule in erasure_rules(host) for each in rule.personal if each.told):
        columns = ", ".join(f'"{column}"' for column in personal.told)
        select = f'SELECT {columns} FROM "{personal.table}" WHERE {_about(personal)}'  # noqa: S608 - of its owner
        if rows := await ServiceRequest.raw(select, _named(personal, record)):
            told.setdefault(personal.table, []).extend(rows)
    return told


async def forget_all(host: Host, record: Record) -> None:
    """Inside the transaction of an erasure: what is personal in every table goes."""
    for rule in erasure_rules(host):
        for personal in rule.personal:
            await forget(personal, record)
        if rule.forget is not None:
            await rule.forget(host, record.id)


async def forget(personal: Personal, record: Record) -> None:
    """Inside a transaction: what is personal in one table goes."""
    await _forget(personal, _named(personal, record))


async def forget_account(host: Host, account: str) -> None:
    """What somebody kept for themselves goes: their account is closed."""
    async with transaction(host.engine):
        for rule in erasure_rules(host):
            for personal in rule.closed:
                await _forget(personal, account)


async def forget_address(host: Host, jurisdiction: str, email: str | None) -> int:
    """Inside a transaction: destroy what owners of tables keep of an address in a town, or of any; how many rows."""
    gone, given = 0, (jurisdiction,) if email is None else (jurisdiction, email)
    for each in (one for rule in erasure_rules(host) for one in rule.addressed):
        where = f'"{each.town}" = {{}}' + (f' AND "{each.column}" = {{}}' if email is not None else "")
        statement = f'DELETE FROM "{each.table}" WHERE {where} RETURNING 1'  # noqa: S608 - of its owner
        gone += len(await ServiceRequest.raw(statement, *given))
    return gone


async def count_unsorted(host: Host, jurisdiction: str) -> dict[str, int]:
    """How much came in for a town and stands on no request yet, by the page where it is sorted."""
    found: dict[str, int] = {}
    for each in (one for rule in erasure_rules(host) for one in rule.unsorted):
        states = ", ".join(f"'{state}'" for state in each.states)
        where = f"jurisdiction = {{}} AND state IN ({states})"
        rows = await ServiceRequest.raw(f'SELECT COUNT(*) AS n FROM "{each.table}" WHERE {where}', jurisdiction)  # noqa: S608
        found |= {each.page: rows[0]["n"]} if rows[0]["n"] else {}
    return found


async def _forget(personal: Personal, named: UUID | str) -> None:
    values = {**personal.blank, **dict.fromkeys(personal.ends, clock.now())}
    columns = ", ".join(f'"{column}" = {{}}' for column in values)
    start = f'UPDATE "{personal.table}" SET {columns}' if values else f'DELETE FROM "{personal.table}"'  # noqa: S608
    await ServiceRequest.raw(f"{start} WHERE {_about(personal)}", *values.values(), named)


def _about(personal: Personal) -> str:
    """In SQL: that a row is of the request that is named."""
    if not personal.through:
        return f'"{personal.column}" = {{}}'
    return f'"{personal.column}" IN (SELECT id FROM "{personal.through}" WHERE request = {{}})'  # noqa: S608 - the same


def _named(personal: Personal, record: Record) -> UUID | str:
    return record.id if personal.by == "id" else record.reference


def _contents(host: Host) -> Iterator[StoredContent]:
    return (each for rule in erasure_rules(host) for each in rule.contents)


def _outside(column: str, selects: Iterator[str]) -> str:
    return " AND ".join(f"{column} NOT IN ({each})" for each in selects) or "1 = 1"
