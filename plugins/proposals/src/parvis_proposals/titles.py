"""What the history calls a proposal of a plugin that was decided."""

from collections.abc import Mapping

from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_sdk.text import Text

TITLES = {
    "proposal_accepted": Text(
        fr="Proposition acceptée (extension «\u00a0{plugin}\u00a0»)", en="Proposal accepted (plugin “{plugin}”)"
    ),
    "proposal_declined": Text(
        fr="Proposition déclinée (extension «\u00a0{plugin}\u00a0»)", en="Proposal declined (plugin “{plugin}”)"
    ),
}


def _values(entry: Entry) -> Mapping[str, Text | str]:
    return {"plugin": str(entry.body.get("plugin", ""))}


WORDS = EntryWords(titles=TITLES, values=_values)
