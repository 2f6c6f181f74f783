"""The number of a request as it is read to somebody, each letter with a word that begins with it."""

from msgspec import Struct

WORDS = {
    "fr": {
        "A": "Alice", "B": "Bernard", "C": "Camille", "D": "Denis", "E": "Édouard", "F": "François", "G": "Gérard",
        "H": "Henri", "J": "Jacques", "K": "Karine", "M": "Marie", "N": "Nicole", "P": "Pierre", "Q": "Québec",
        "R": "Robert", "S": "Suzanne", "T": "Thomas", "V": "Victor", "W": "William", "X": "Xavier", "Y": "Yvonne",
        "Z": "Zoé",
    },
    "en": {
        "A": "Alfa", "B": "Bravo", "C": "Charlie", "D": "Delta", "E": "Echo", "F": "Foxtrot", "G": "Golf",
        "H": "Hotel", "J": "Juliett", "K": "Kilo", "M": "Mike", "N": "November", "P": "Papa", "Q": "Quebec",
        "R": "Romeo", "S": "Sierra", "T": "Tango", "V": "Victor", "W": "Whiskey", "X": "X-ray", "Y": "Yankee",
        "Z": "Zulu",
    },
}  # fmt: skip


class Group(Struct, frozen=True, kw_only=True):
    """A few characters said in one breath, and how to say them."""

    characters: str
    said: str


def spoken(reference: str, language: str) -> tuple[Group, ...]:
    """The groups of a reference in the language of the person who hears them.

    >>> [group.said for group in spoken("7K3M-9QXT-4", "fr")]
    ['7, K comme Karine, 3, M comme Marie', '9, Q comme Québec, X comme Xavier, T comme Thomas', '4']
    """
    words = WORDS.get(language, WORDS["fr"])
    like = "comme" if words is WORDS["fr"] else "as in"

    def say(character: str) -> str:
        return f"{character} {like} {words[character]}" if character in words else character

    groups = reference.split("-")
    return tuple(Group(characters=group, said=", ".join(map(say, group))) for group in groups)
