"""What the history calls the moment at which a request came from another system."""

from collections.abc import Mapping

from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.text import Text

CAME = Text(
    fr="Reprise de {source}, où elle portait le numéro {number}",
    en="Brought in from {source}, where its number was {number}",
)
CHANGED = Text(fr="Mise à jour d’après {source}", en="Updated after {source}")
DESTROYED = Text(fr="(détruit)", en="(destroyed)")


def _values(entry: Entry) -> Mapping[str, Text | str]:
    source = str(entry.body.get("source", ""))
    return {"source": source, "number": str((entry.personal or {}).get("number", "")) or DESTROYED}


WORDS = EntryWords(titles={"migrated": CAME, "migrated_again": CHANGED}, values=_values)
