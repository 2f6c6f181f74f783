"""Ready texts of a town: what its people write to residents again and again, in every language it writes in."""

import re

import msgspec

from parvis.territory.reading import Table, did_you_mean
from parvis_sdk.text import Text

NAMES = ("name", "reference", "type", "state", "place", "promised", "town", "unit", "agent")
"""What stands in a ready text as `{name}` and is filled in; a sentence that needs what is not known is left out."""
NAMED = re.compile(r"\{(\w+)\}")


class ReadyText(msgspec.Struct, frozen=True, kw_only=True):
    """One of them: its short code, what it is called, its words. `types` left empty are all of them."""

    code: str
    title: Text
    text: Text
    types: tuple[str, ...] = ()

    def is_for(self, type_code: str) -> bool:
        return not self.types or type_code in self.types


def read_ready_texts(table: Table) -> tuple[ReadyText, ...]:
    """`ready_texts.toml`: one table a text, in the order in which they are offered."""
    texts = []
    for code, entry in table.named_tables():
        ready = ReadyText(
            code=code,
            title=entry.text("title", required=True),
            text=entry.text("text", required=True),
            types=entry.strings("types"),
        )
        entry.close()
        said = " ".join(ready.text.to(language) for language in ready.text.languages())
        for name in dict.fromkeys(NAMED.findall(said)):
            if name not in NAMES:
                near = did_you_mean(name, NAMES)
                entry.wrong("text", f"{{{name}}} is nothing that is filled in", f"use one of {', '.join(NAMES)}{near}")
        texts.append(ready)
    return tuple(texts)
