"""Parts that nobody in a town looks after any more, and those that a request was freed from, by an entry."""

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec

from parvis.db.tables import Entry as EntryRow
from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis.territory import Jurisdiction
from parvis_sdk.parts import Part
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

FREED = "freed"
WITHOUT = "without"  # in the entry of a move: the facts that it did not bring about
TITLE = Text(fr="La requête continue sans\u00a0: {parts}", en="The request goes on without: {parts}")
MADE_WITHOUT = Text(fr="Fait sans\u00a0: {parts}", en="Made without: {parts}")


def name_of(part: Part) -> str:
    """What the facts of a part begin with, and what an entry calls it."""
    return f"{part.part}.{part.code}"


def away(kind: RequestType, known: Collection[str]) -> tuple[Part, ...]:
    """The parts of a type whose kind is none of these: their module is off, or was removed."""
    return tuple(part for part in kind.parts if part.part not in known)


async def freed_from(request: UUID, kind: RequestType, known: Collection[str]) -> frozenset[str]:
    """The names of the parts without which a request goes on: freed by an entry, and nobody looks after them again."""
    gone = {name_of(part) for part in away(kind, known)}
    if not gone:
        return frozenset()
    rows = await EntryRow.select(EntryRow.body).where((EntryRow.request == request) & (EntryRow.kind == FREED))
    return frozenset(name for row in rows for name in msgspec.json.decode(row["body"])["parts"]) & gone


def of_parts(facts: Iterable[str], names: Collection[str]) -> frozenset[str]:
    """Those of these facts that are about the parts of these names."""
    return frozenset(fact for fact in facts if fact.rpartition(".")[0] in names)


def _title(kind: RequestType, town: Jurisdiction | None, entry: Entry) -> Text:
    return TITLE.format(parts=_titles(kind, entry.body["parts"]))


def _made_without(kind: RequestType, entry: Entry) -> Iterable[Text]:
    facts = entry.body.get(WITHOUT, ())
    if facts:
        names = dict.fromkeys(fact.rpartition(".")[0] for fact in facts)
        yield MADE_WITHOUT.format(parts=_titles(kind, names))


def _titles(kind: RequestType, names: Iterable[str]) -> Text:
    known = {name_of(part): part.title for part in kind.parts}
    titles = [known.get(name, Text(fr=name)) for name in names]
    return Text(fr=", ".join(each.to("fr") for each in titles), en=", ".join(each.to("en") for each in titles))


WORDS = EntryWords(made={FREED: _title}, lines=_made_without)
