"""People who asked before, found by name, telephone or e-mail as spoken to somebody at the telephone or the counter."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from parvis.access_scope import Scope
from parvis.db.tables import Contact
from parvis.selection import within
from parvis.text_normalisation import fold

MOST_ROWS, MOST_PEOPLE = 60, 6
FOUND = """
SELECT c.name, c.email, c.phone, c.postal_address, c.preferred_channel,
r.reference, r.language, r.phase, r.submitted_at, r.address
FROM contact c JOIN service_request r ON r.id = c.request
WHERE {where} AND r.identity <> 'confidential' AND r.erased_at IS NULL
ORDER BY r.submitted_at DESC, r.id DESC LIMIT {most}
"""


class Caller(Struct, frozen=True, kw_only=True):
    """One person as they last gave their name, with the requests in which they are known."""

    name: str
    email: str
    phone: str
    postal_address: str
    preferred_channel: str
    language: str
    references: tuple[str, ...]
    standing: int
    last_address: str
    last_seen: datetime


async def callers(scope: Scope, typed: str) -> tuple[Caller, ...]:
    """People whose name, e-mail and telephone hold all these words; confidential ones are never found.

    One statement; the same e-mail or telephone is the same person.
    """
    words = _words(typed)
    if not words:
        return ()
    where = within(scope)
    for word in words:
        where.add("c.search_text LIKE {} ESCAPE '\\'", f"%{_escaped(word)}%")
    rows = await Contact.raw(FOUND.format(where=where.sql, most=MOST_ROWS), *where.values)
    return tuple(_caller(group) for group in _grouped(rows))[:MOST_PEOPLE]


def _words(typed: str) -> list[str]:
    """Folded words; a telephone number spoken in groups is one word."""
    folded = fold(typed[:120])
    digits = re.sub(r"\D", "", folded)
    if len(digits) >= 7 and not re.search(r"[a-z]", folded):
        return [digits[-10:]]
    return [word for word in folded.split() if len(word) > 1][:6]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _grouped(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    groups: list[list[dict[str, Any]]] = []
    by_way: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        ways = [way for way in (row["email"].casefold(), row["phone"]) if way] or [fold(row["name"])]
        group = next((by_way[way] for way in ways if way in by_way), None)
        if group is None:
            group = []
            groups.append(group)
        group.append(row)
        for way in ways:
            by_way.setdefault(way, group)
    return groups


def _caller(rows: list[dict[str, Any]]) -> Caller:
    latest = rows[0]
    return Caller(
        name=next((row["name"] for row in rows if row["name"]), ""),
        email=next((row["email"] for row in rows if row["email"]), ""),
        phone=next((row["phone"] for row in rows if row["phone"]), ""),
        postal_address=next((row["postal_address"] for row in rows if row["postal_address"]), ""),
        preferred_channel=latest["preferred_channel"],
        language=latest["language"],
        references=tuple(row["reference"] for row in rows),
        standing=sum(row["phase"] != "closed" for row in rows),
        last_address=next((row["address"] for row in rows if row["address"]), ""),
        last_seen=latest["submitted_at"],
    )
