"""Text normalised for search: no accents, no ligatures, no case, so that both database engines find the same words.

Names are found by how they sound in French too, however they are spelt: `Ganion` finds Gagnon.
"""

import re
import unicodedata
from functools import lru_cache

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


LOUDEST = 3  # letters of a name that stay, whatever is not pronounced at its end
NASAL = "(?=[^aeiouymn]|$)"
SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^s(?:ain)?te?$", "saint"),
        (r"gn", "ni"),
        (r"bv", "v"),
        (r"ph", "f"),
        (r"(?<=e)s(?=qu)|(?<=^de)s(?=[^aeiouy])", ""),
        (r"qu|ck|k|c(?=[^eiyh]|$)", "k"),
        (r"(?<=n)k$", ""),
        (r"e?au(?:lt|d|t|x)?s?$|ots?$|os$", "o"),
        (r"e?aux?", "o"),
        (r"h", ""),
        (r"c|ss|z", "s"),
        (r"ge(?=[ao])|g(?=[eiy])", "j"),
        (r"ettes?$", "et"),
        (rf"(?:ai|ei|i|y)[mn]{NASAL}", "in"),
        (rf"[ea][mn]{NASAL}", "an"),
        (rf"o[mn]{NASAL}", "on"),
        (r"ai|ei|ay|ey", "e"),
        (r"y", "i"),
        (r"(.)\1", r"\1"),
    )
)
SILENT_END = re.compile(r"(?:er|ez|et|es|[sxtdpe])$")


@lru_cache(maxsize=20_000)
def sound_of_name(word: str) -> str:
    """Roughly how a folded name sounds in French, marked so that no word that is typed is found in it.

    `gagnon` and `ganion` give `'=GANION='`, `lefebvre` and `lefevre` `'=LEFEVR='`.
    """
    heard = word
    for pattern, becomes in SOUNDS:
        heard = pattern.sub(becomes, heard)
    while len(heard) > LOUDEST and (shorter := SILENT_END.sub("", heard)) != heard and len(shorter) >= LOUDEST:
        heard = shorter
    return f"={heard.upper()}="


def sounds_of_names(names: str) -> str:
    """How each word of a person's names sounds, beside which their search text is kept."""
    return " ".join(dict.fromkeys(sound_of_name(word) for word in words_of(names) if word.isalpha()))
