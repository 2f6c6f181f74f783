"""What entries about promises that are raised are called."""

from parvis.requests.entry_words import EntryWords
from parvis_sdk.text import Text

WORDS = EntryWords(
    titles={
        "escalated": Text(fr="Délai dépassé\u00a0: signalé à la gestion", en="Delay over: told to management"),
        "warned": Text(fr="Délai bientôt à échéance\u00a0: avertissement", en="Delay soon over: warning"),
    },
)
