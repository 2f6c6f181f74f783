"""What a row says of other rows: the number of a whole that it was a part of, of a duplicate, of something related.

Links are made once every row of a file is in, so that no order of rows matters, and again for each later file: what is
tied already stays as it is. They start nothing: a duplicate of the past is about the same matter, and closed as it was.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
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

AT_ONCE = 200  # links that are looked at, and made by one transaction
KINDS: dict[str, TieKind] = {"part_of": "child_of", "duplicate_of": "about", "related": "about"}
"""By the use of a column: what its row then is to the request of the other number."""
KEPT_OUT = ("refused", "left_out")
Node = UUID | str  # a request that is here, or the number of one that is to come


class Link(Struct, frozen=True):
    """One row is something to the request of another number."""

    number: str
    kind: TieKind
    other: str
    column: str = ""
    line: int = 0


class JudgedLinks(Struct, frozen=True, kw_only=True):
    """Links that may be made, with the requests that are here; and those that may not, with the code that says why."""

    good: tuple[Link, ...]
    bad: tuple[tuple[Link, str], ...]
    origins: Mapping[str, Origin]  # by number


def links_of(row: Row, number: str, mapping: FieldMapping, line: int = 0) -> Iterator[Link]:
    """The links of a row, each once."""
    seen = set[str]()
    for use, kind in KINDS.items():
        column = getattr(mapping.columns, use)
        for other in names_in(row.get(column, "")):
            if other not in seen:
                seen.add(other)
                yield Link(number, kind, other, column, line)


def has_links(mapping: FieldMapping) -> bool:
    """Whether any column is said to name other requests."""
    return any(getattr(mapping.columns, use) for use in KINDS)


async def judged_links(
    town: Jurisdiction, mapping: FieldMapping, source: Source, became: Mapping[str, str]
) -> AsyncIterator[JudgedLinks]:
    """The links of all rows that come in, some at a time, by what became of each number of the file."""
    above = defaultdict[Node, set[Node]](set)  # of a part: its wholes
    for kind in dict.fromkeys(KINDS.values()):  # parts first: a pair has one tie, and that one says more
        of_kind = (each for each in _links_in(source, mapping) if each.kind == kind)
        while links := list(islice(of_kind, AT_ONCE)):
            numbers = {number for link in links for number in (link.number, link.other)}
            keys = {key_of(town, mapping.source, number): number for number in numbers}
            origins = {keys[key]: origin for key, origin in (await origins_of([*keys])).items()}
            if kind == "child_of":
                await _add_wholes(above, {each.request for each in origins.values()})
            good, bad = [], []
            for link in links:
                if became.get(link.number, "refused") in KEPT_OUT or link.other == link.number:
                    continue  # told with its row
                if code := _doubt(link, became, origins, above):
                    bad.append((link, code))
                elif link.other in origins or link.other in became:
                    good.append(link)
            yield JudgedLinks(good=tuple(good), bad=tuple(bad), origins=origins)


def _links_in(source: Source, mapping: FieldMapping) -> Iterator[Link]:
    """Those of the first row of each number: it alone comes in."""
    seen = set[str]()
    for line, row in source.rows:
        number = row.get(mapping.columns.number, "")
        if number not in seen:
            seen.add(number)
            yield from links_of(row, number, mapping, line)


def _doubt(
    link: Link, became: Mapping[str, str], origins: Mapping[str, Origin], above: defaultdict[Node, set[Node]]
) -> str:
    """Why a link cannot be made; empty where it can."""
    if link.other not in origins and became.get(link.other) in KEPT_OUT:
        return "link_kept_out"
    if link.kind != "child_of":
        return ""
    part, whole = (origins[number].request if number in origins else number for number in (link.number, link.other))
    if part in _reached(above, whole):
        return "link_in_a_circle"
    above[part].add(whole)
    return ""


def _reached(above: defaultdict[Node, set[Node]], begin: Node) -> set[Node]:
    """What one is a part of, itself, and the wholes of these."""
    reached, left = {begin}, [begin]
    while left:
        new = above.get(left.pop(), set()) - reached
        reached |= new
        left += new
    return reached


async def _add_wholes(above: defaultdict[Node, set[Node]], requests: Iterable[UUID]) -> None:
    """What these requests are parts of here already, and what that is a part of."""
    left = set(requests)
    known = set(left)
    while left:
        of_these = Tie.one.is_in([*left]) & (Tie.kind == "child_of")
        rows = await Tie.select(Tie.one, Tie.other).where(of_these)
        for row in rows:
            above[row["one"]].add(row["other"])
        left = {row["other"] for row in rows} - known
        known |= left


async def tie(host: Host, judged: JudgedLinks) -> int:
    """In one transaction: those of these links whose two requests are there, and not tied yet in either direction."""
    known = {number: origin.request for number, origin in judged.origins.items()}
    wanted = {
        frozenset((known[link.number], known[link.other])): (known[link.number], link.kind, known[link.other])
        for link in judged.good
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
