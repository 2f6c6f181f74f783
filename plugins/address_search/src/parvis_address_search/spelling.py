"""How names of streets are spelt out and numbered, and how they sound in French."""

import re
from itertools import product

# Each rule works on what the rules before it left; capitals are sounds already settled.
RULES = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(?:eaux?|aul[dtx]|au[dtx]?|aux|oo|ot|oh)$", "O"),
        (r"(?:eau|au|aw)", "O"),
        (r"sch|sh|ch(?![rl])", "S"),
        (r"ch", "k"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"h", ""),
        (r"qu|q|ck|k", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"gu(?=[eiy])", "g"),
        (r"g(?=[eiy])", "j"),
        (r"gn", "n"),
        (r"(?:er|ez|et|ay|ais?|ait|ey)$", "E"),
        (r"y", "i"),
        (r"w", "v"),
        (r"z", "s"),
        (r"x", "s"),
        (r"oeu|oe|eu", "e"),
        (r"oi", "ua"),
        (r"ou", "u"),
        (r"(?:ain|ein|in|im|un|um|aim|en(?=s?$))(?![aeioumnO])", "I"),
        (r"(?:an|am|en|em)(?![aeioumnO])", "A"),
        (r"(?:on|om)(?![aeioumnO])", "N"),
        (r"ai|ei", "e"),
        (r"e?[sdtp]*$", ""),
        (r"(.)\1+", r"\1"),
        (r"O", "o"),
        (r"E", "e"),
    )
)


ENDINGS = (("er", "e"), ("ez", "e"), ("et", "e"), ("es", "e"), ("e", "e"), ("en", "an"), ("ent", "an"))
"""Endings that sound alike, `Hubert` and `Laurier`: the other one, for words written without accents."""


def sounds_of(word: str) -> tuple[str, ...]:
    """Keys of which one is the same for words that sound alike; none for what is too short to tell apart."""
    if len(word) < 3 or not word.isalpha():
        return ()
    heard = [sound_of(word)]
    for end, other in ENDINGS:
        if word.endswith(end):
            heard += [sound_of(f"{word.removesuffix(end)}{other}r" if other == "e" else word[: -len(end)] + other)]
            heard += [sound_of(f"{word}q").removesuffix("k")] if end == "er" else []
    return tuple(dict.fromkeys(sound for sound in heard if len(sound) > 1))


def sound_of(word: str) -> str:
    sound = word
    for pattern, meant in RULES:
        sound = pattern.sub(meant, sound)
    return sound


SPELT_OUT = frozenset({
    "lawrence", "james", "john", "peter", "andrew", "francis", "stephen", "mary", "anthony",
    "street", "road", "terrace", "highway", "plaza", "crescent", "drive", "lane", "court", "circle", "trail", "path",
    "bridge", "carre", "doctor", "mount", "island", "river", "lake", "fort", "old", "queen", "cote", "rang", "park",
    "library", "school", "high", "elementary", "church", "hospital", "pool", "arena", "rink", "centre", "center",
    "community", "cultural", "museum", "theatre", "theater", "market", "station", "garden", "gardens", "cemetery",
    "fire", "firehall", "police", "town", "city", "hall", "mairie", "garage", "daycare", "cpe", "university",
    "college", "playground", "chalet", "east", "west", "north", "south", "ile",
})  # fmt: skip
"""Whole words among these: a name that holds one keeps it, and is found by what it means as well."""

JOINING = frozenset({"a", "au", "aux", "d", "de", "des", "du", "l", "la", "le", "les", "en", "of", "the"})
AROUND = frozenset({
    "adresse", "address", "across", "between", "block", "chez", "civic", "civique", "cote", "coin", "corner",
    "derriere",
    "devant", "entre", "face", "from", "front", "in", "intersection", "localise", "near", "nearby", "next", "numero",
    "opposite", "on", "pres", "proche", "quelque", "situe", "sis", "sur", "to", "vers", "vis",
})  # fmt: skip
"""Said around a place, not part of it; any of them may still be a word of its name."""

UNITS_FR = ("", "premiere", "deuxieme", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme", "huitieme",
            "neuvieme", "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme",
            "seizieme")  # fmt: skip
UNITS_EN = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
            "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
            "nineteenth")  # fmt: skip
TENS_FR = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre vingt"}
SPELT_TEENS = {"dix septieme": 17, "dix huitieme": 18, "dix neuvieme": 19}
TENS_EN = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}
ROMAN = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi",
         "xvii", "xviii", "xix", "xx", "xxi", "xxii", "xxiii", "xxiv", "xxv")  # fmt: skip
CARDINALS = {"cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9,
             "dix": 10, "ten": 10, "onze": 11, "douze": 12, "twelve": 12, "treize": 13, "quatorze": 14, "quinze": 15,
             "seize": 16}  # fmt: skip


def ordinals() -> dict[str, int]:
    """`deuxieme`, `vingt et unieme`, `twenty-first` (with spaces) and all others up to 99, with their numbers."""
    words = {word: number for number, word in enumerate(UNITS_FR) if word}
    words |= {word: number for number, word in enumerate(UNITS_EN) if word}
    words |= {"premier": 1, "seconde": 2, "dixseptieme": 17, "dixhuitieme": 18, "dixneuvieme": 19}
    words |= SPELT_TEENS
    for ten, word in TENS_FR.items():
        words[word.removesuffix("e") + "ieme"] = ten
        words[f"{word} et unieme"] = words[f"{word} unieme"] = ten + 1
        words[f"{word} et onzieme"] = ten + 11
        words |= {f"{word} {UNITS_FR[unit]}": ten + unit for unit in range(2, 17 if ten >= 60 else 10)}
        words |= {f"{word} {unit}": ten + SPELT_TEENS[unit] for unit in SPELT_TEENS if ten >= 60}
    for (ten, word), unit in product(TENS_EN.items(), range(1, 10)):
        words[word.removesuffix("y") + "ieth"] = ten
        words[f"{word} {UNITS_EN[unit]}"] = ten + unit
    return words
