"""Takes apart what a person typed of a place: number, street, apartment, postal code, two streets that cross."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from parvis.jurisdictions.street_words import DIRECTIONS, LETTERS, MEANINGS, STREET_KINDS
from parvis_address_search.spelling import AROUND, CARDINALS, JOINING, ROMAN, SPELT_OUT, ordinals
from parvis_sdk.text_normalisation import fold

MOST_TYPED = 200
MOST_WORDS = 14
MOST_NUMBERS = 3
MOST_JOINED = 6
WIDEST = 400  # of a range of civic numbers
SPELT = ordinals()
SPELT_ORDINAL = re.compile(
    r"\b(?:" + "|".join(word.replace(" ", "[ -]") for word in sorted(SPELT, key=len, reverse=True)) + r")\b"
)
ORDINAL = re.compile(r"(\d{1,3})(?:e|er|ere|re|em|eme|ieme|iem|nd|nde|st|rd|th)")
POSTAL_CODE = re.compile(r"\b([a-z])([\dloi])([a-z]) ?-?([\dloi])([a-z])([\dloi])\b")
HALF_POSTAL_CODE = re.compile(r"(?:^|[ ,])([a-z]\d[a-z])(?: ?(\d[a-z]?))? ?$")
APARTMENT = re.compile(
    r"(?:\b(?:app(?:t|art|artement)?|apt|apartment|bur(?:eau)?|suite|unite|unit|local|porte|door|room|chambre|ste)\b"
    r"\.?|(?<=.)#) ?(?:no\.? ?)?(?:\d[\w-]*|[a-z]\d*\b(?![-.'])|[a-z]-[a-z]?\d+)"
)
FLOOR = re.compile(
    r"\b(?:\d+ ?(?:er|e|re|st|nd|rd|th|ieme) (?:etage|floor)|(?:etage|floor) \d+|rez[ -]de[ -]chaussee)\b"
)
NUMBER_SIGN = re.compile(r"(?:^ ?#|\b(?:no|num(?:ero)?)\b\.?(?: civique)?|\bn(?: ?°|\.?(?=o?\.? ?\d)))(?: ?:)? ?(?=\d)")
NUMBERED = re.compile(r"(?<![\w-])(\d{1,6}) ?- ?(\d{1,6})(?: ?([a-d]))?(?![\w])")
LETTERED = re.compile(r"(?<![\w-])(\d{1,6})(?:(?:[ -]?([a-d])| 1/2)(?![\w'.]))?(?!\w)")
STUCK = re.compile(r"(?<![\w])(\d{2,6})(?=[a-z]{3})(?!(?:eme|ieme|iem|ere|nde)\b)")
BETWEEN = re.compile(
    r" ?(?:/|&|@|\+| - | x |\b(?:(?:au )?coin(?: d[eu]s?)?|(?:a l')?angle(?: d[eu]s?)?|(?:at the )?corner(?: of)?"
    r"|intersection(?: d[eu]s?| of)?|croisement(?: d[eu]s?)?|crois[ea]nt la|et|and|avec|with|at|entre|between)\b) ?"
)
SURELY_CROSSING = re.compile(r"/|&|@|\b(?:coin|angle|corner|intersection|croisement)\b")
SENTENCE = re.compile(r"([a-z]+)\. ")
PIECE = re.compile(r"\d+[a-z]*|[a-z]+|,")
GLUED_SAINT = re.compile(r"(ste?)([a-z]{3,})")


class Token(msgspec.Struct, frozen=True):
    """One word typed: what it may mean, and what it makes with its neighbours.

    One said aside does not count when it is unknown; one that is needed leaves out all names without it.
    """

    text: str
    meanings: tuple[str, ...]
    joined: tuple[str, ...] = ()
    aside: bool = False
    needed: bool = False


class AddressReading(msgspec.Struct, frozen=True, kw_only=True):
    """One way of understanding the words: with civic numbers (the first is asked, the others will do), or none."""

    tokens: tuple[Token, ...]
    numbers: tuple[int, ...] = ()
    letter: str = ""
    number_last: bool = False

    @property
    def asked(self) -> str:
        return f"{self.numbers[0]}{self.letter.upper()}" if self.numbers else ""


class TypedAddress(msgspec.Struct, frozen=True, kw_only=True):
    readings: tuple[AddressReading, ...] = ()
    unlikely: tuple[AddressReading, ...] = ()
    crossing: tuple[tuple[Token, ...], tuple[Token, ...]] | None = None
    surely_crossing: bool = False
    postal_code: str = ""


def take_apart(text: str) -> TypedAddress:
    """Every sensible way to understand a text; nothing in it for what is not about a place."""
    words = SPELT_ORDINAL.sub(spelt_number, fold(text[:MOST_TYPED].replace("½", " ")))
    words = re.sub(r"[^a-z0-9,/&@+#.'-]+", " ", words.replace("(", ","))
    words, code = without_postal_code(words)
    words = NUMBER_SIGN.sub(" ", FLOOR.sub(" ", words))
    plain = SENTENCE.sub(sentence_end, APARTMENT.sub(" ", words))
    return TypedAddress(
        readings=tuple(readings_of(plain)),
        # `bureau 12` may be an office, or a number in the rue Bureau
        unlikely=tuple(readings_of(words.replace("#", " "))) if APARTMENT.search(words) else (),
        crossing=crossing_of(plain),
        surely_crossing=bool(SURELY_CROSSING.search(plain)),
        postal_code=code,
    )


def sentence_end(match: re.Match[str]) -> str:
    """What follows the end of a sentence is said aside; the point of an abbreviation ends none."""
    is_short = match[1] in MEANINGS or match[1] in LETTERS or len(match[1]) < 4
    return match[1] + (" " if is_short else ", ")


def spelt_number(match: re.Match[str]) -> str:
    return f"{SPELT[match[0].replace('-', ' ')]}e"


def without_postal_code(words: str) -> tuple[str, str]:
    if (match := POSTAL_CODE.search(words)) and sum(each.isdigit() for each in match[0]) > 1:
        letters = "".join(match[at] if at % 2 else figure(match[at]) for at in range(1, 7))
        return words[: match.start()] + " " + words[match.end() :], letters.upper()
    if match := HALF_POSTAL_CODE.search(words):
        return words[: match.start()] + " ", (match[1] + (match[2] or "")).upper()
    return words, ""


def figure(letter: str) -> str:
    return {"o": "0", "l": "1", "i": "1"}.get(letter, letter)


def readings_of(words: str) -> Iterator[AddressReading]:
    """With each number as the civic one, and with none of them as such."""
    words = STUCK.sub(r"\1 ", words)
    if match := NUMBERED.search(words):
        first, second = int(match[1]), int(match[2])
        rest = words[: match.start()] + " " + words[match.end() :]
        is_range = len(match[1]) == len(match[2]) and 0 < second - first <= WIDEST
        numbers = (first, second) if is_range or len(match[1]) > len(match[2]) else (second, first)
        yield AddressReading(tokens=tokens_of(rest), numbers=numbers, letter=match[3] or "")
        return
    for match in [*LETTERED.finditer(words)][:MOST_NUMBERS]:
        rest = words[: match.start()] + " " + words[match.end() :]
        last = not rest[match.start() :].strip()
        if tokens := tokens_of(rest):
            yield AddressReading(tokens=tokens, numbers=(int(match[1]),), letter=match[2] or "", number_last=last)
        if match[2] and (tokens := tokens_of(f"{words[: match.start()]} {match[2]} {words[match.end() :]}")):
            yield AddressReading(tokens=tokens, numbers=(int(match[1]),))
    if tokens := tokens_of(words, numbers="needed"):
        yield AddressReading(tokens=tokens)


def crossing_of(words: str) -> tuple[tuple[Token, ...], tuple[Token, ...]] | None:
    """The words of both streets where two are named; the second is empty after `coin Rachel` alone."""
    parts = [tokens for part in BETWEEN.split(words) if (tokens := tokens_of(part.strip(" .,-")))]
    if len(parts) > 1:
        return parts[0], parts[1]
    return (parts[0], ()) if parts and BETWEEN.search(words) else None


def tokens_of(words: str, numbers: Literal["aside", "needed"] = "aside") -> tuple[Token, ...]:
    """The words that count, each with its meanings; none when there is no letter among them."""
    pieces = PIECE.findall(words)
    named = [at for at, piece in enumerate(pieces) if piece != "," and not piece.isdigit()]
    if not named:
        return ()
    comma = next((at for at, piece in enumerate(pieces) if piece == "," and at > named[0]), len(pieces))
    tokens: list[Token] = []
    for at, piece in enumerate(pieces):
        if piece == ",":
            continue
        if piece in JOINING and len(named) > 1:
            continue
        meanings = tuple(dict.fromkeys(meanings_of(piece, at, pieces)))
        needed = piece.isdigit() and numbers == "needed"
        aside = at > comma or piece in AROUND or piece.isdigit()
        tokens.append(Token(piece, meanings, joined_at(at, pieces), aside and not needed, needed))
    return tuple(tokens[:MOST_WORDS])


def meanings_of(piece: str, at: int, pieces: list[str]) -> Iterator[str]:
    """What a word may stand for here, the likeliest first."""
    before = at > 0 and any(not each.isdigit() and each != "," for each in pieces[:at])
    after = [each for each in pieces[at + 1 :] if each != ","]
    if piece == "st":
        ends = before and (not after or after[0] in DIRECTIONS or after[0] in LETTERS or after[0] in MEANINGS)
        yield from ("rue", "saint") if ends else ("saint",)
    elif piece in LETTERS:
        yield from (LETTERS[piece], piece) if before else (piece, LETTERS[piece])
    elif piece in MEANINGS:
        yield from MEANINGS[piece]
        yield piece
    elif ordinal := ORDINAL.fullmatch(piece):
        yield f"{int(ordinal[1])}e"
    elif piece.isdigit() or piece in CARDINALS:
        number = CARDINALS.get(piece) or int(piece[:4])
        yield from (piece, f"{number}e", *ROMAN[number : number + 1])
    else:
        yield piece
        if glued := GLUED_SAINT.fullmatch(piece):
            yield ("saint" if glued[1] == "st" else "sainte") + glued[2]


def joined_at(at: int, pieces: list[str]) -> tuple[str, ...]:
    """The word written together with the one before and the one after: `la salle`, `mc gill`."""
    before = pieces[at - 1] if at and pieces[at - 1].isalpha() else ""
    after = pieces[at + 1] if at + 1 < len(pieces) and pieces[at + 1].isalpha() else ""
    piece = pieces[at]
    return tuple(each for each in (before and before + piece, after and piece + after) if each)


def words_of_name(name: str) -> tuple[str, ...]:
    """The words that lead to a street or a place of the town: written out, in French, without `de la`."""
    words = tuple(word for _, word in written_out(name))
    return tuple(word for word in words if word not in JOINING) or words


def joined_words_of_name(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words of a name written together, with the words that they join: `montroyal`, `delorimier`, `cotedesneiges`."""
    core = [pair for pair in written_out(name) if pair[1] not in DIRECTIONS]
    if len(core) > 1 and core[0][1] in STREET_KINDS:
        core = core[1:]
    for start in range(len(core)):
        for end in range(start + 2, len(core) + 1):
            parts = tuple(word for _, word in core[start:end] if word not in JOINING)
            whole = start == 0 and end == len(core) <= MOST_JOINED
            if parts and (whole or end - start < 4) and core[end - 1][1] not in JOINING:
                yield "".join(piece for piece, _ in core[start:end]), parts


@lru_cache(maxsize=64)
def written_out(name: str) -> list[tuple[str, str]]:
    """Each word of a name as it may be written together with others, and as it is looked for."""
    pieces = [piece for piece in PIECE.findall(SPELT_ORDINAL.sub(spelt_number, fold(name))) if piece != ","]
    written = []
    for at, piece in enumerate(pieces):
        ends = at > 0 and at == len(pieces) - 1
        if piece in LETTERS:
            word = LETTERS[piece] if ends else piece
        elif piece in SPELT_OUT and (not ends or pieces[0] in STREET_KINDS):
            word = piece
        else:
            word = next(meanings_of(piece, at, pieces))
        written.append(("saint" if piece == "st" else piece, word))
    return written
