"""What the history calls the moment at which a request came from another system."""

from collections.abc import Mapping

from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.text import Text

CAME = Text(
    fr="Importée de {source} (ancien numéro\u00a0: {number})",
    en="Imported from {source} (former number: {number})",
)
CHANGED = Text(fr="Mise à jour à partir de {source}", en="Updated from {source}")
DESTROYED = Text(fr="(détruit)", en="(destroyed)")


def _values(entry: Entry) -> Mapping[str, Text | str]:
    source = str(entry.body.get("source", ""))
    return {"source": source, "number": str((entry.personal or {}).get("number", "")) or DESTROYED}


WORDS = EntryWords(titles={"migrated": CAME, "migrated_again": CHANGED}, values=_values)
