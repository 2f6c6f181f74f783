"""Text normalised for search: no accents, no ligatures, no case, so that both database engines find the same words."""

import re
import unicodedata

LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'", "‘": "'", "–": "-", "—": "-"}
)
WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """`'Éric Œuvre Ça'` becomes `'eric oeuvre ca'`."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    return decomposed.encode("ascii", "ignore").decode().casefold()


def words_of(text: str) -> tuple[str, ...]:
    """The normalised words of a text: `"L’École Saint-Viateur"` gives `('l', 'ecole', 'saint', 'viateur')`."""
    return tuple(WORD.findall(fold(text)))
