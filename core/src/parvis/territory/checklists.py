"""Ready checklists of a town: what its people go through step by step on a request of some types."""

import msgspec

from parvis.territory.reading import Table
from parvis_sdk.text import Text


class Checklist(msgspec.Struct, frozen=True, kw_only=True):
    """One of them: its short code, what it is called, its items in their order. `types` left empty are all of them."""

    code: str
    title: Text
    items: tuple[Text, ...]
    types: tuple[str, ...] = ()

    def is_for(self, type_code: str) -> bool:
        return not self.types or type_code in self.types


def read_checklists(table: Table) -> tuple[Checklist, ...]:
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
