"""Which characters a document can be set in: those that the fonts of the typesetter have, and no control characters."""

import unicodedata
from bisect import bisect_right
from typing import Any

COVERED = (
    "20-7e a0-ac ae-2ff 370-377 37a-37f 384-38a 38c 38e-3a1 3a3-482 48a-4ff 510-513 51a-51d 531-556 559-58a "
    "10d0-10ff 1d00-1dbf 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 "
    "1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-200a 2010-2027 202f-2040 2042 2044-2052 "
    "2054-205f 2070-2071 2074-208e 2090-209c 20a0-20c0 2100-211e 2120 2122 2124 2126-2151 2153-2184 2189 "
    "2190-23ff 2422-2423 2460-262f 2638-268b 2690-269c 2701-2704 2706-2709 270c-2727 2729-274b 274d 274f-2752 "
    "2756 2758-275e 2761-277f 2794 2798-27af 27b1-2b73 2c60-2cee fb00-fb06"
)
"""Hexadecimal ranges, found by setting every character; a test sets them all again."""

RANGES = [
    (int(first, 16), int(last or first, 16)) for first, _, last in (each.partition("-") for each in COVERED.split())
]
STARTS = [first for first, _ in RANGES]
MISSING = "\u25a1"


def is_covered(character: str) -> bool:
    """Whether a character can be set."""
    code = ord(character)
    place = bisect_right(STARTS, code) - 1
    return place >= 0 and code <= RANGES[place][1]


def printable(value: Any) -> Any:
    """The same words with a plain square for what cannot be set; lists and tables too, of any depth."""
    match value:
        case str():
            return "".join(_set(character) for character in unicodedata.normalize("NFC", value))
        case dict():
            return {key: printable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [printable(inner) for inner in value]
        case _:
            return value


def _set(character: str) -> str:
    if character == "\n" or is_covered(character):  # the kit breaks lines there
        return character
    if unicodedata.category(character)[0] in "CM":  # controls and marks: nothing stands in their place
        return " " if character in "\r\t" else ""
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(map(is_covered, plain)) else MISSING
