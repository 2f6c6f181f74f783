"""What the history calls a change of a checklist."""

from collections.abc import Mapping

from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.text import Text

CHANGED = Text(fr="Liste de vérification\u00a0: {done} sur {total}", en="Checklist: {done} of {total}")


def _counts(entry: Entry) -> Mapping[str, Text | str]:
    return {name: str(entry.body.get(name, "")) for name in ("done", "total")}


WORDS = EntryWords(titles={"checklist": CHANGED}, values=_counts)
