"""Addresses written as people write them: each usual slip by its name, made by chance from a seed."""

import re
from collections.abc import Callable
from random import Random

from parvis_address_search.addresses import Address
from parvis_sdk.text_normalisation import fold

ENGLISH = {
    "Boulevard": "Blvd", "Avenue": "Ave", "Rue": "St", "Chemin": "Road", "Place": "Place", "Montée": "Montée",
    "Est": "East", "Ouest": "West", "Nord": "North", "Sud": "South",
}  # fmt: skip
SHORT = {
    "Boulevard": ("boul.", "boul", "bd", "blvd", "bl."), "Avenue": ("av.", "ave", "ave.", "av"), "Rue": ("r.", ""),
    "Chemin": ("ch.", "ch", "chem."), "Place": ("pl.", "pl"), "Montée": ("mtée", "mtee"), "Terrasse": ("terr.",),
    "Croissant": ("crois.", "cr."), "Est": ("E", "E.", "e"), "Ouest": ("O", "O.", "o", "W"), "Saint": ("St", "st"),
    "Sainte": ("Ste", "ste"), "Mont": ("Mt",), "Notre": ("N.",), "Docteur": ("Dr", "Dr."), "Nord": ("N",),
    "Sud": ("S",),
}  # fmt: skip
BY_EAR = (
    ("eau", "o"), ("ault", "o"), ("aux", "o"), ("au", "o"), ("ph", "f"), ("qu", "k"), ("th", "t"), ("ck", "k"),
    ("c(?=[aou])", "k"), ("c(?=[ei])", "s"), ("y", "i"), ("ge(?=[ao])", "j"), ("g(?=[ei])", "j"), ("ain", "in"),
    ("ei", "e"), ("ai", "è"), ("oo", "ou"), ("ch", "sh"), ("er$", "é"), ("(?<=[a-z]{3})[tdsx]$", ""),
    ("(?<=[a-z]{3})es?$", ""), ("ss", "s"), ("ll", "l"), ("nn", "n"), ("tt", "t"), ("rr", "r"), ("^h", ""), ("z", "s"),
)  # fmt: skip
BESIDE = dict(zip("azertyuiopqsdfghjklmwxcvbn", "zaretyiuposqfdgkhljkxwvcnb", strict=True))
KINDS = frozenset({"Rue", "Avenue", "Boulevard", "Chemin", "Place", "Montée", "Terrasse", "Croissant", "Voie", "Rang"})
ENDS = frozenset({"Est", "Ouest", "Nord", "Sud"})
LITTLE = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "De", "Du", "Des", "La", "Le", "Les"})
WORD = re.compile(r"[^\W_]+")
Slip = Callable[[Random, Address], str]


def written(address: Address, street: str) -> str:
    return f"{address.number} {street}"


def as_words(change: Callable[[Random, str], str]) -> Slip:
    return lambda chance, address: written(address, WORD.sub(lambda word: change(chance, word[0]), address.street))


def without_accents(chance: Random, address: Address) -> str:
    return written(address, fold(address.street))


def in_capitals(chance: Random, address: Address) -> str:
    return written(address, fold(address.street)).upper()


def abbreviated(chance: Random, word: str) -> str:
    return chance.choice(SHORT.get(word, (word,)))


def in_english(chance: Random, address: Address) -> str:
    words = address.street.split()
    ending = [ENGLISH.get(words.pop(), "")] if words[-1] in ENDS else []
    kind = [ENGLISH[words.pop(0)]] if words[0] in ENGLISH else []
    return written(address, " ".join([*words, *kind, *ending]))


def without_kind(chance: Random, address: Address) -> str:
    first, _, rest = address.street.partition(" ")
    return written(address, rest if first in KINDS and rest else address.street)


def other_kind(chance: Random, address: Address) -> str:
    first, _, rest = address.street.partition(" ")
    return written(address, f"{chance.choice(['rue', 'avenue', 'boul.'])} {rest}" if first in KINDS else address.street)


def without_end(chance: Random, address: Address) -> str:
    words = address.street.split()
    return written(address, " ".join(words[:-1] if words[-1] in ENDS else words))


def without_little_words(chance: Random, address: Address) -> str:
    kept = [word for word in re.split(r"[ ’'-]", address.street) if word not in LITTLE]
    return written(address, " ".join(kept))


def longest(street: str) -> tuple[int, int]:
    """Where the longest word of the name stands."""
    names = [word for word in WORD.finditer(street) if word[0] not in KINDS | ENDS | LITTLE | {"Saint", "Sainte"}]
    word = max(names or [*WORD.finditer(street)], key=lambda word: len(word[0]))
    return word.span()


def slip(change: Callable[[Random, str], str]) -> Slip:
    """A change in the longest word; words too short to be misspelt recognizably stay."""

    def slipped(chance: Random, address: Address) -> str:
        start, end = longest(address.street)
        word = address.street[start:end]
        changed = change(chance, word) if len(word) > 3 and word.isalpha() else word
        return written(address, address.street[:start] + changed + address.street[end:])

    return slipped


def one_less(chance: Random, word: str) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def one_twice(chance: Random, word: str) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at - 1] + word[at:]


def swapped(chance: Random, word: str) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def key_beside(chance: Random, word: str) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + BESIDE.get(fold(word[at]), word[at]) + word[at + 1 :]


def by_ear(chance: Random, word: str) -> str:
    heard = fold(word)
    fitting = [rule for rule in BY_EAR if re.search(rule[0], heard)]
    for pattern, sound in chance.sample(fitting, min(2, len(fitting))):
        heard = re.sub(pattern, sound, heard, count=1)
    return heard


def joined(chance: Random, address: Address) -> str:
    return written(address, re.sub(r"(?<=\w)[-’' ]+(?=\w)", lambda sign: "" if sign[0] != " " else " ", address.street))


def apart(chance: Random, address: Address) -> str:
    return written(address, re.sub(r"[-’']", " ", address.street))


def number_last(chance: Random, address: Address) -> str:
    return f"{address.street}{chance.choice([' ', ', '])}{address.number}"


def with_apartment(chance: Random, address: Address) -> str:
    door = str(chance.randrange(1, 900))
    shapes = ["{0} {1} app. {2}", "{0} {1} apt {2}", "{0}, {1}, #{2}", "{2}-{0} {1}", "{0} {1}, bureau {2}",
              "app {2} {0} {1}", "{0} {1}, suite {2}", "{0} {1} #{2}", "{0} {1}, appartement {2}"]  # fmt: skip
    return chance.choice(shapes).format(address.number, address.street, door)


def with_town(chance: Random, address: Address) -> str:
    ends = [", Montréal", " Montreal", ", Montréal (Québec)", ", Montréal, QC {0}", " {0}", ", {1}", ", Mtl QC"]
    code = address.postal_code
    return written(address, address.street) + chance.choice(ends).format(code, code.replace(" ", "").lower())


def half_typed(chance: Random, address: Address) -> str:
    names = [word for word in WORD.finditer(address.street) if word[0] not in ENDS]
    last = names[-1]
    kept = max(4, int(len(last[0]) * 0.6))
    return written(address, address.street[: last.start() + kept])


def ordinal(chance: Random, address: Address) -> str:
    shapes = ["{0}e", "{0}ieme", "{0}ième", "{0}", "{0}th"]
    return written(address, re.sub(r"(\d+)(?:e|re)\b", lambda at: chance.choice(shapes).format(at[1]), address.street))


def several(chance: Random, address: Address) -> str:
    """Short forms, a slip, and no accents, as on a phone in the street."""
    changed = WORD.sub(lambda word: abbreviated(chance, word[0]), address.street)
    at = Address(number=address.number, street=fold(changed), lon=0, lat=0)
    return slip(chance.choice([one_less, swapped, by_ear]))(chance, at)


SLIPS: dict[str, Slip] = {
    "no accents": without_accents,
    "capitals": in_capitals,
    "short forms": as_words(abbreviated),
    "in English": in_english,
    "kind of street left out": without_kind,
    "another kind of street": other_kind,
    "Est or Ouest left out": without_end,
    "de, la, l’ left out": without_little_words,
    "a letter missing": slip(one_less),
    "a letter twice": slip(one_twice),
    "two letters swapped": slip(swapped),
    "the key beside": slip(key_beside),
    "written by ear": slip(by_ear),
    "hyphens left out": joined,
    "spaces for hyphens": apart,
    "number last": number_last,
    "apartment": with_apartment,
    "town, postal code": with_town,
    "half typed": half_typed,
    "ordinals": ordinal,
    "several at once": several,
}
