"""What a row says of other rows: the number of a whole that it was a part of, of a duplicate, of something related.

Links are made once every row of a file is in, so that no order of rows matters, and again for each later file: what is
tied already stays as it is. They start nothing: a duplicate of the past is about the same matter, and closed as it was.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.db.tables import Tie
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.relations.ties import TieKind
from parvis_migration.attached import names_in
from parvis_migration.mapping import FieldMapping
from parvis_migration.origins import Origin, key_of, origins_of
from parvis_migration.rows import Row
from parvis_migration.sources import Source

AT_ONCE = 200  # rows whose links are made by one transaction
KINDS: dict[str, TieKind] = {"part_of": "child_of", "duplicate_of": "about", "related": "about"}
"""By the use of a column: what its row then is to the request of the other number."""


class Link(Struct, frozen=True):
    """One row is something to the request of another number."""

    number: str
    kind: TieKind
    other: str


def links_of(row: Row, number: str, mapping: FieldMapping) -> Iterator[Link]:
    """The links of a row, each once; one with itself is none."""
    seen = {number}
    for use, kind in KINDS.items():
        for other in names_in(row.get(getattr(mapping.columns, use), "")):
            if other not in seen:
                seen.add(other)
                yield Link(number, kind, other)


def has_links(mapping: FieldMapping) -> bool:
    """Whether any column is said to name other requests."""
    return any(getattr(mapping.columns, use) for use in KINDS)


async def link_all(host: Host, town: Jurisdiction, mapping: FieldMapping, source: Source) -> int:
    """Tie the requests of a file to one another, and to those of files before it; how many ties are new."""
    tied = 0
    for kind in dict.fromkeys(KINDS.values()):  # parts first: a pair has one tie, and that one says more
        rows = iter(source.rows)
        while some := list(islice(rows, AT_ONCE)):
            found = (link for _, row in some for link in links_of(row, row.get(mapping.columns.number, ""), mapping))
            links = [link for link in found if link.kind == kind]
            numbers = {number for link in links for number in (link.number, link.other)}
            keys = {number: key_of(town, mapping.source, number) for number in numbers}
            tied += await _tie(host, links, keys, await origins_of([*keys.values()]))
    return tied


async def _tie(host: Host, links: list[Link], keys: Mapping[str, str], origins: Mapping[str, Origin]) -> int:
    """In one transaction: those of these links whose two requests are there, and not tied yet in either direction."""
    known = {number: origins[key].request for number, key in keys.items() if key in origins}
    wanted = {
        frozenset((known[link.number], known[link.other])): (known[link.number], link.kind, known[link.other])
        for link in links
        if link.number in known and link.other in known
    }
    ids = list({id for pair in wanted for id in pair})
    if not ids:
        return 0
    async with transaction(host.engine):
        rows = await Tie.select(Tie.one, Tie.other).where(Tie.one.is_in(ids) | Tie.other.is_in(ids))
        tied: set[frozenset[UUID]] = {frozenset((row["one"], row["other"])) for row in rows}
        new = [each for pair, each in wanted.items() if pair not in tied]
        for one, kind, other in new:
            row = {"id": new_id(), "one": one, "kind": kind, "other": other, "moved": "[]", "since": clock.now()}
            await insert_values(Tie, row)
    return len(new)
