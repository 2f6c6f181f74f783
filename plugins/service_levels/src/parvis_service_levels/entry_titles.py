"""What entries about promises that are raised are called."""

from parvis.requests.entry_words import EntryWords
from parvis_sdk.text import Text

WORDS = EntryWords(
    titles={
        "escalated": Text(
            fr="Date promise dépassée\u00a0: requête escaladée", en="Promised date passed: request escalated"
        ),
        "warned": Text(
            fr="Date promise bientôt atteinte\u00a0: avertissement", en="Promised date approaching: warning"
        ),
    },
)
