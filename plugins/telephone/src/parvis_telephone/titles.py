"""What the history calls a call that was asked for, and one that nobody answered."""

from parvis.requests.entry_words import EntryWords
from parvis_sdk.text import Text

WORDS = EntryWords(
    titles={
        "call_wanted": Text(fr="Rappel demandé", en="Asked to be called back"),
        "not_reached": Text(fr="Appel sans réponse", en="Call not answered"),
    },
)
