"""Finds addresses by words as people type them, and the address nearest to a point.

Words are compared folded and with their usual abbreviations written out. A word counts for as much as it is rare
among the streets of the town, so `rue` or `de la` hardly weigh and no list of such words is needed.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from math import sqrt

import msgspec
import shapely
from rapidfuzz import fuzz, process
from shapely import STRtree

from parvis.folding import fold, words_of
from parvis.territory.addresses import Address, Crossing
from parvis.territory.plane import Plane

POSTAL_CODE = re.compile(r"\b([a-z]\d[a-z])(?:[ -]?(\d[a-z]\d))?\b")
APARTMENT = re.compile(r"(?:\b(?:app(?:artement)?|apt|apartment|bureau|suite|unite|unit|local)\b\.?|#)\s*[\w-]+")
CIVIC_NUMBER = re.compile(r"(?<![\w-])(?:(\d{1,5})\s*-\s*)?(\d{1,6})\s?([a-d])?(?![\w])")
ORDINAL = re.compile(r"(\d+)(?:e|er|ere|re|eme|ieme|st|nd|rd|th)")
WRITTEN_OUT = {
    "st": "saint", "ste": "sainte", "sts": "saints", "mt": "mont", "nd": "notre dame", "dr": "docteur",
    "boul": "boulevard", "blvd": "boulevard", "bd": "boulevard", "bld": "boulevard", "av": "avenue", "ave": "avenue",
    "r": "rue", "street": "rue", "ch": "chemin", "chem": "chemin", "road": "chemin", "rte": "route", "pl": "place",
    "terr": "terrasse", "crois": "croissant", "mtee": "montee", "o": "ouest", "w": "ouest", "west": "ouest",
    "e": "est", "east": "est", "n": "nord", "north": "nord", "s": "sud", "south": "sud",
}  # fmt: skip
UNHEARD = frozenset({"a", "and", "angle", "at", "au", "aux", "coin", "corner", "d", "et", "l", "near", "of", "pres"})
NEIGHBOURS = 3
TYPO = 80  # likeness in percent from which a word may be another one misspelt
UNKNOWN = 0.45  # what a word found nowhere takes away
AT_CROSSING = re.compile(r"\b(?:coin|angle|corner|et|and)\b|[/&]")
CROSSING = 0.5  # what a crossing gains when the words say that one is meant
CLOSE = 0.7  # answers less likely than this share of the likeliest are left out
KEPT = 0.4  # share of the words that must be found


class FoundAddress(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    lon: float
    lat: float
    postal_code: str = ""
    place: str = ""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One street, place or crossing of the book: the words that lead to it, and what stands there."""

    words: frozenset[str]
    addresses: tuple[Address, ...] = ()
    found: FoundAddress | None = None
    crossing: bool = False


class AddressBook:
    """All addresses and crossings of one town, indexed once."""

    def __init__(self, addresses: tuple[Address, ...], crossings: tuple[Crossing, ...], plane: Plane) -> None:
        self.addresses = addresses
        self.plane = plane
        self.sheets = tuple(sheets(addresses, crossings))
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for number, sheet in enumerate(self.sheets):
            for word in sheet.words:
                self.by_word[word].append(number)
        self.vocabulary = sorted(self.by_word)
        self.tree = STRtree([shapely.Point(plane.x(at.lon), plane.y(at.lat)) for at in addresses])

    def nearest(self, lon: float, lat: float, within_m: float) -> FoundAddress | None:
        point = shapely.Point(self.plane.x(lon), self.plane.y(lat))
        near = self.tree.query_nearest(point, max_distance=within_m, all_matches=False)
        return shown(self.addresses[int(near[0])]) if len(near) else None

    def search(self, text: str, limit: int) -> tuple[FoundAddress, ...]:
        query = fold(text[:200])
        code = POSTAL_CODE.search(query)
        query, number = without_number(APARTMENT.sub(" ", POSTAL_CODE.sub(" ", query)))
        words = canonical(query)
        if not words:
            return self.at_postal_code(code, number)[:limit] if code else ()
        scores = self.scores(words)
        if AT_CROSSING.search(fold(text)):
            scores = {sheet: score + CROSSING * self.sheets[sheet].crossing for sheet, score in scores.items()}
        ranked = sorted(scores.items(), key=lambda item: -item[1])[: max(limit, 12)]
        best = ranked[0][1] if ranked else 0.0
        hits = [
            hit
            for sheet, score in ranked
            if score >= best * CLOSE
            for hit in hits_on(self.sheets[sheet], score, number)
        ]
        hits.sort(key=lambda hit: hit[0])
        return tuple(dict.fromkeys(found for _, found in hits))[:limit]

    def at_postal_code(self, code: re.Match[str], number: str) -> tuple[FoundAddress, ...]:
        """The addresses of a postal code; of its first half when only that is given or known."""
        for wanted in ((code[1] + (code[2] or "")).upper(), code[1].upper()):
            matching = [at for at in self.addresses if at.postal_code.replace(" ", "").startswith(wanted)]
            if matching:
                break
        matching.sort(key=lambda at: (at.number != number, at.street, civic(at.number)))
        return tuple(dict.fromkeys(shown(at) for at in matching))

    def scores(self, words: tuple[str, ...]) -> dict[int, float]:
        """For each sheet that holds enough of the words, how well it answers them."""
        points: dict[int, float] = defaultdict(float)
        total = 0.0
        for position, word in enumerate(words):
            near = self.near_words(word, last=position == len(words) - 1)
            weights = [1 / sqrt(len(self.by_word[known])) for known, _ in near]
            total += max(weights, default=UNKNOWN)
            gains: dict[int, float] = defaultdict(float)
            for (known, likeness), weight in zip(near, weights, strict=True):
                for sheet in self.by_word[known]:
                    gains[sheet] = max(gains[sheet], weight * likeness)
            for sheet, gain in gains.items():
                points[sheet] += gain
        # among equals, the sheet that says the fewest other words is the one meant
        return {
            sheet: gained / total + 0.1 * min(1.0, len(words) / len(self.sheets[sheet].words))
            for sheet, gained in points.items()
            if gained >= KEPT * total
        }

    def near_words(self, word: str, last: bool) -> list[tuple[str, float]]:
        """Words of the town that this one may be: itself, what it begins, what it misspells."""
        if word in self.by_word and not (last and len(word) < 3):
            return [(word, 1.0)]
        start = bisect_left(self.vocabulary, word)
        begun = []
        for known in self.vocabulary[start : start + 200] if len(word) > 1 or last else ():
            if not known.startswith(word):
                break
            begun.append((known, 1.0 if known == word else 0.9))
        if begun:
            return begun
        if len(word) < 4:
            return []
        close = process.extract(word, self.vocabulary, scorer=fuzz.ratio, score_cutoff=TYPO, limit=4)
        return [(known, likeness / 120) for known, likeness, _ in close]


def sheets(addresses: tuple[Address, ...], crossings: tuple[Crossing, ...]) -> Iterator[Sheet]:
    streets: dict[str, list[Address]] = defaultdict(list)
    for address in addresses:
        streets[address.street].append(address)
    for street, members in streets.items():
        yield Sheet(words=frozenset(canonical(fold(street))), addresses=tuple(members))
    for address in addresses:
        if words := frozenset(canonical(fold(address.place))):
            yield Sheet(words=words, found=shown(address))
    for crossing in crossings:
        words = frozenset(canonical(fold(f"{crossing.street} {crossing.other_street}")))
        found = FoundAddress(text=crossing.text, lon=crossing.lon, lat=crossing.lat)
        yield Sheet(words=words, found=found, crossing=True)


def canonical(folded: str) -> tuple[str, ...]:
    words: list[str] = []
    for word in words_of(folded):
        ordinal = ORDINAL.fullmatch(word)
        written = f"{ordinal[1]}e" if ordinal else WRITTEN_OUT.get(word, word)
        words.extend(part for part in written.split() if part not in UNHEARD)
    # "Saint-Denis St": the English word for street, not a second saint
    return (
        tuple(words[:-1]) if len(words) > 1 and words[-1] == "saint" and folded.strip().endswith("st") else tuple(words)
    )


def without_number(query: str) -> tuple[str, str]:
    """The query without its civic number, and the number: `4563`, `3-4563` and `4563, app. 3` all give 4563."""
    match = CIVIC_NUMBER.search(query)
    if not match:
        return query, ""
    first, second, letter = match[1], match[2], match[3] or ""
    duplex = first and len(first) == len(second) and abs(int(second) - int(first)) <= 30
    return query[: match.start()] + " " + query[match.end() :], (first if duplex else second + letter)


def hits_on(sheet: Sheet, score: float, number: str) -> Iterator[tuple[tuple[float, ...], FoundAddress]]:
    """What a sheet offers, each with its rank: the number asked for first, then its neighbours on the same side."""
    if sheet.found:
        yield (1.0 if number else 0.0, -score, 0.0, 0.0), sheet.found
        return
    if not number:
        for place, address in enumerate(sorted(sheet.addresses, key=lambda at: civic(at.number))):
            yield (0.0, -score, float(place), 0.0), shown(address)
        return
    wanted = civic(number)[0]
    gaps = [(abs(civic(at.number)[0] - wanted) + (civic(at.number)[0] - wanted) % 2 * 5, at) for at in sheet.addresses]
    for gap, address in sorted(gaps, key=lambda pair: pair[0])[:NEIGHBOURS]:
        exact = fold(address.number).replace(" ", "") == number
        yield (0.0 if gap == 0 else 1.0, -score, 0.0 if exact else 1.0, float(gap)), shown(address)


def civic(number: str) -> tuple[int, str]:
    digits = re.match(r"\d+", number)
    return (int(digits[0]) if digits else 0), number


def shown(address: Address) -> FoundAddress:
    return FoundAddress(
        text=address.text, lon=address.lon, lat=address.lat, postal_code=address.postal_code, place=address.place
    )
