"""Ready checklists of a town: what its people go through step by step on a request of some types."""

from collections.abc import Iterator

import msgspec

from parvis.jurisdictions import Jurisdiction, JurisdictionMistake
from parvis.jurisdictions.reading import Table, not_installed
from parvis.jurisdictions.town_files import Offer, Surroundings, TownFile
from parvis_sdk.text import Text


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    """One of them: its short code, what it is called, its items in their order. `types` left empty are all of them."""

    code: str
    title: Text
    items: tuple[Text, ...]
    types: tuple[str, ...] = ()

    def is_for(self, type_code: str) -> bool:
        return not self.types or type_code in self.types


def read_checklists(table: Table, around: Surroundings) -> tuple[Checklist, ...]:
    """`checklists.toml`: one table a list, in the order in which they are offered."""
    lists = []
    for code, entry in table.named_tables():
        lists.append(
            Checklist(
                code=code,
                title=entry.text("title", required=True),
                items=entry.texts("items", required=True),
                types=entry.strings("types"),
            )
        )
        entry.close()
    return tuple(lists)


def unknown_types(town: Jurisdiction, lists: tuple[Checklist, ...], offer: Offer) -> Iterator[JurisdictionMistake]:
    """Types of request that lists are for and nobody here brings."""
    for each in lists:
        for name in each.types:
            if name not in offer.types:
                yield not_installed(f"{town.code}/{CHECKLISTS.name}", each.code, name, "type", offer.types)


CHECKLISTS: TownFile[tuple[Checklist, ...]] = TownFile(
    name="checklists.toml", read=read_checklists, usual=(), loose_ends=unknown_types
)
TOWN_FILES = (CHECKLISTS,)
