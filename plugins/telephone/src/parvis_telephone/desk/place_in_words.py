"""The place that somebody's words name: an address or a corner that the town's address book is sure of."""

import re
from collections.abc import Iterator

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.web.desk.one_request.places import PlaceChoice, settle

HOUSE = re.compile(r"(?<![\w-])\d{1,5}[A-Za-z]?,?\s+(?=\w)")
CORNER = re.compile(
    r"\b(?:coin|angle|intersection|croisement|corner)\b\s*(?:(?:de|des|of)\s+)?(?:(?:la|the|rues?)\s+)*", re.IGNORECASE
)
STOPS = re.compile(r"[.;:!?()\n\r]|\s[-–—]\s")
MOST_WORDS = 6  # of a street with its kind and its end, after the number
MOST_TRIES = 12  # what is looked up for one message


async def place_in(host: Host, town: Jurisdiction, words: str) -> PlaceChoice:
    """The first place named in words of which the address book is sure; empty where there is none."""
    for tried, spelling in enumerate(spellings_in(words)):
        if tried == MOST_TRIES:
            break
        found = await settle(host, town, {"address": spelling})
        if found.point is not None:
            return PlaceChoice(raw=found.raw)
    return PlaceChoice(raw={})


def spellings_in(words: str) -> Iterator[str]:
    """What may be an address or a corner, the longest first.

    >>> list(spellings_in("Trou au 1234, rue Rachel Est. Merci"))
    ['1234, rue Rachel Est', '1234, rue Rachel', '1234, rue']
    >>> list(spellings_in("au 7575, 19e Avenue, merci"))
    ['7575, 19e Avenue', '7575, 19e', '19e Avenue']
    """
    numbers = [each.start() for each in HOUSE.finditer(words)]
    corners = [each.end() for each in CORNER.finditer(words)]
    for begins in sorted((*numbers, *corners)):
        rest = _up_to_a_comma(STOPS.split(words[begins:], maxsplit=1)[0]).split()
        for many in range(min(len(rest), MOST_WORDS), 1, -1):
            yield " ".join(rest[:many])


def _up_to_a_comma(words: str) -> str:
    """Up to the first comma that does not stand right behind the number."""
    first, *others = words.split(",")
    return first if len(first.split()) > 1 or not others else f"{first},{others[0]}"
