"""People who asked before, found by name, telephone or e-mail as spoken to somebody at the telephone or the counter."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from rapidfuzz import fuzz

from parvis.access_scope import Scope
from parvis.db.engines import Engine
from parvis.db.tables import Contact
from parvis.db.text_search import SHORTEST, TextQuery, for_source, held_in, led_to
from parvis.requests.lists.text_queries import sought_in, with_slips
from parvis.selection import within
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requesters import PHONE
from parvis_sdk.text_normalisation import fold, sound_of_name

MOST_ROWS, MOST_PEOPLE = 60, 6
MOST_TYPED = 120
LEAST_DIGITS = 5  # of a number: everybody shares the first three
FOUND = """
SELECT c.name, c.email, c.phone, c.postal_address, c.preferred_channel,
r.reference, r.type, r.state, r.language, r.phase, r.submitted_at, r.address
FROM {lead} CROSS JOIN service_request r CROSS JOIN contact c
WHERE r.id = t.request AND c.request = r.id AND {held} AND {where}
AND r.identity <> 'confidential' AND r.erased_at IS NULL
ORDER BY r.submitted_at DESC, r.id DESC LIMIT {most}
"""


class CallerRequest(Struct, frozen=True, kw_only=True):
    """One request in which a person is known, as it stands now."""

    reference: str
    type: str
    state: str
    phase: str
    submitted_at: datetime
    address: str


class Caller(Struct, frozen=True, kw_only=True):
    """One person as they last gave their name, with the requests in which they are known, the latest first."""

    name: str
    email: str
    phone: str
    postal_address: str
    preferred_channel: str
    language: str
    requests: tuple[CallerRequest, ...]
    last_address: str
    last_seen: datetime

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(each.reference for each in self.requests)

    @property
    def open(self) -> tuple[CallerRequest, ...]:
        """Those that are not closed."""
        return tuple(each for each in self.requests if each.phase != "closed")

    @property
    def standing(self) -> int:
        return len(self.open)


class FoundCallers(Struct, frozen=True, kw_only=True):
    """The people found; `near` where nobody is called what was typed, and these are called something like it."""

    people: tuple[Caller, ...] = ()
    near: bool = False


async def callers(engine: Engine, scope: Scope, typed: str) -> FoundCallers:
    """People whose name, e-mail and telephone hold all these words; confidential ones are never found.

    One statement, led by the index of words; where nobody is found a second one looks for names that sound or are
    spelt like it, the likeliest first. The same e-mail or telephone is the same person.
    """
    asked = _asked(typed)
    if not asked:
        return FoundCallers()
    people = await _people(engine, scope, asked)
    close = tuple(with_slips(each) or each for each in asked)
    if people or close == asked:
        return FoundCallers(people=people[:MOST_PEOPLE])
    alike = sorted(await _people(engine, scope, close), key=lambda one: -_likeness(one, typed))
    return FoundCallers(people=tuple(alike[:MOST_PEOPLE]), near=bool(alike))


async def _people(engine: Engine, scope: Scope, asked: tuple[TextQuery, ...]) -> tuple[Caller, ...]:
    lead, led = led_to(engine, ("persons",), asked, alone=True)
    held = [held_in(engine, "c.search_text", for_source("persons", each)) for each in asked]
    where = within(scope, led=True)
    statement = FOUND.format(lead=lead, held=" AND ".join(sql for sql, _ in held), where=where.sql, most=MOST_ROWS)
    rows = await Contact.raw(statement, *led, *(value for _, values in held for value in values), *where.values)
    return tuple(_caller(group) for group in _grouped(rows))


def dialled(number: str) -> str:
    """A number as it is kept, however a page or a telephone system writes it; empty where it is none."""
    bare = re.sub(r"^(?:tel|sips?):|[@;].*$", "", number.strip(), flags=re.IGNORECASE)
    read = read_value(PHONE, bare, "phone", Reading(), {})
    return read if isinstance(read, str) else ""


def _asked(typed: str) -> tuple[TextQuery, ...]:
    """The words of which an index knows something, a telephone number in groups being one; of short names the sound."""
    asked = [_indexed(each) for each in sought_in(typed[:MOST_TYPED])]
    told = tuple(each for each in asked if each is not None)
    digits = "".join(each.ways[0][0] for each in told)
    return () if digits.isdigit() and len(digits) < LEAST_DIGITS else told


def _indexed(sought: TextQuery) -> TextQuery | None:
    if all(max(map(len, way)) >= SHORTEST for way in sought.ways):
        return sought
    word = sought.ways[0][0]
    return TextQuery(ways=((sound_of_name(word),),)) if len(word) == SHORTEST - 1 and word.isalpha() else None


def _likeness(person: Caller, typed: str) -> float:
    """How much a name is like what was typed, whichever of its names comes first."""
    return float(fuzz.token_sort_ratio(fold(person.name), fold(typed)))


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
        name=_first(rows, "name"),
        email=_first(rows, "email"),
        phone=_first(rows, "phone"),
        postal_address=_first(rows, "postal_address"),
        preferred_channel=latest["preferred_channel"],
        language=latest["language"],
        requests=tuple(CallerRequest(**{name: row[name] for name in CallerRequest.__struct_fields__}) for row in rows),
        last_address=_first(rows, "address"),
        last_seen=latest["submitted_at"],
    )


def _first(rows: list[dict[str, Any]], column: str) -> str:
    return next((row[column] for row in rows if row[column]), "")
