"""What the history calls a mandate that begins or ends; it names nobody."""

from collections.abc import Mapping
from datetime import date

from parvis.requests.entry_words import EntryWords
from parvis.requests.history import Entry
from parvis_mandates.mandates import ADDED, ENDED, KINDS, OPEN_ENDED
from parvis_sdk.quantities import day_shown
from parvis_sdk.text import Text

UNTIL = Text(fr="jusqu’au {day}", en="until {day}")


def _values(entry: Entry) -> Mapping[str, Text | str]:
    until = entry.body.get("until", "")
    last = UNTIL.format(day=day_shown(date.fromisoformat(until))) if until else OPEN_ENDED
    return {"kind": KINDS.get(entry.body.get("kind", ""), ""), "until": last}


WORDS = EntryWords(
    titles={
        ADDED: Text(fr="Mandat ajouté\u00a0: {kind}, {until}", en="Mandate added: {kind}, {until}"),
        ENDED: Text(fr="Mandat terminé\u00a0: {kind}", en="Mandate ended: {kind}"),
    },
    values=_values,
)
