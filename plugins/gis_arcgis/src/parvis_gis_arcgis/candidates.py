"""Which of a geocoder's answers is best: by what it found first, by its score only among equals; pure.

The score says how well the words fit, not how exact the place is: the middle of a street may outscore the very address.
What was found is told by `Addr_type`, or where a service does not say it (Adresses Québec) by the locator's name.
"""

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct, field

from parvis_sdk.locators import FoundPlace

POINT, ALONG, CROSSING, STREET, PLACE, AREA = range(6)
KINDS = {
    "subaddress": POINT,
    "pointaddress": POINT,
    "parcel": POINT,
    "streetaddress": ALONG,
    "streetaddressext": ALONG,
    "streetbetween": ALONG,
    "distancemarker": ALONG,
    "streetint": CROSSING,
    "streetmidblock": STREET,
    "streetname": STREET,
    "poi": PLACE,
    "locality": AREA,
    "postal": AREA,
    "postalext": AREA,
    "postalloc": AREA,
}
BY_LOCATOR = (
    (re.compile(r"adresse|address|civic|point", re.IGNORECASE), POINT),
    (re.compile(r"inters", re.IGNORECASE), CROSSING),
    (re.compile(r"rue|street|route|voie|odonyme", re.IGNORECASE), STREET),
    (re.compile(r"muni|ville|city|postal", re.IGNORECASE), AREA),
)
WORTH = {POINT: 1.0, ALONG: 0.9, CROSSING: 0.85, STREET: 0.6, PLACE: 0.6}
NUMBER = re.compile(r"\s*(\d+)")
POSTAL = re.compile(r"\b([A-Z]\d[A-Z]) ?(\d[A-Z]\d)\b")


class Location(Struct, frozen=True):
    """A point; a service that found none says "NaN" or nothing."""

    x: float | str | None = None
    y: float | str | None = None


class Candidate(Struct, frozen=True):
    """One answer of findAddressCandidates."""

    address: str
    location: Location
    score: float = 0.0
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> int:
        """What was found: the lower, the more exact."""
        said = KINDS.get(str(self.attributes.get("Addr_type") or "").replace(" ", "").lower())
        if said is not None:
            return said
        name = str(self.attributes.get("Loc_name") or "")
        return next((kind for pattern, kind in BY_LOCATOR if pattern.search(name)), PLACE)

    @property
    def number(self) -> str:
        """The civic number of what was found."""
        said = self.attributes.get("AddNum") or self.attributes.get("House")
        return str(said or "").strip() or (number_in(self.address) if self.kind in (POINT, ALONG) else "")


def places_of(
    candidates: Iterable[Candidate],
    words: str,
    limit: int,
    *,
    least_score: float = 0.0,
    within: tuple[float, float, float, float] | None = None,
) -> list[FoundPlace]:
    """Candidates as places, best first, each address once.

    Where a civic number was typed, candidates with that number come before streets, and those with another number last.
    The centre of a town or of a postal code is not a place.
    """
    wanted = number_in(words)

    def worse(each: Candidate) -> tuple[bool, int, float]:
        has_another = bool(wanted) and number_in(each.number) not in ("", wanted)
        return has_another, each.kind if wanted else 0, -each.score

    found: dict[str, FoundPlace] = {}
    good = (each for each in candidates if each.score >= least_score and each.kind != AREA)
    for each in sorted(good, key=worse):
        point = point_in(each.location)
        if point is None or (within is not None and not is_within(point, within)) or not each.address.strip():
            continue
        text, postal = parted(each.address, each.attributes)
        found.setdefault(
            text.casefold(),
            FoundPlace(
                text=text,
                lon=point[0],
                lat=point[1],
                score=round(min(each.score, 100) / 100 * WORTH[each.kind], 4),
                postal_code=postal,
            ),
        )
    return list(found.values())[:limit]


def number_in(words: str) -> str:
    """The number with which words begin."""
    found = NUMBER.match(words)
    return found[1] if found else ""


def parted(address: str, attributes: dict[str, Any]) -> tuple[str, str]:
    """An address of one line, and its postal code, which is left out of the line."""
    said = next((str(attributes[name]) for name in ("Postal", "ZIP", "Code_postal") if attributes.get(name)), "")
    inside = POSTAL.search(address.upper())
    code = POSTAL.search(said.upper()) or inside
    line = address[: inside.start()] + address[inside.end() :] if inside else address
    parts = [" ".join(part.split()) for part in line.split(",")]
    return ", ".join(part for part in parts if part), f"{code[1]} {code[2]}" if code else ""


def point_in(location: Location) -> tuple[float, float] | None:
    """Longitude and latitude, where they are such."""
    if not isinstance(location.x, float) or not isinstance(location.y, float):
        return None
    return (location.x, location.y) if abs(location.x) <= 180 and abs(location.y) <= 90 else None


def is_within(point: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a point lies in west, south, east, north."""
    west, south, east, north = box
    return west <= point[0] <= east and south <= point[1] <= north
