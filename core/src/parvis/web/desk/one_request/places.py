"""A place or a postal address as typed at the desk: found in the address book, or offered to choose among."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis.i18n import gettext
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import FoundAddress, sure_among
from parvis.jurisdictions.jurisdiction import on_envelope
from parvis.jurisdictions.layers import Asset
from parvis.requests.host import Host
from parvis.requests.locating import find_places
from parvis.requests.places import finds_addresses, offered_assets
from parvis.web.desk.context import DeskContext
from parvis_sdk.problems import Problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Place
from parvis_sdk.text import Text

MOST_FOUND = 6
NOT_LISTED = "-"
PARTS = ("address", "lon", "lat", "words", "geometry")


class PlaceChoice(Struct, frozen=True, kw_only=True):
    """What was made of the boxes: the place as it stands, and what there is to choose among."""

    raw: dict[str, Any]
    found: tuple[FoundAddress, ...] = ()
    problem: Problem | None = None

    @property
    def mark(self) -> str:
        """What the point was found for, sent along so that an address rewritten without scripts loses it."""
        return mark_of(self.raw)

    @property
    def point(self) -> tuple[float, float] | None:
        try:
            return float(self.raw["lon"]), float(self.raw["lat"])
        except (KeyError, TypeError, ValueError):
            return None


def mark_of(raw: Mapping[str, Any]) -> str:
    return f"{raw.get('lon', '')} {raw.get('lat', '')} {raw.get('address', '')}"


async def settle(host: Host, town: Jurisdiction, given: Any, mark: str = "", choice: str = "") -> PlaceChoice:
    """`mark` came with the form, `choice` is an address picked from those shown."""
    raw = {name: given[name] for name in PARTS if given.get(name)} if isinstance(given, Mapping) else {}
    if codes := chosen_of(given):
        raw["assets"] = codes
    if choice:
        raw = {"address": choice, **({"words": raw["words"]} if "words" in raw else {})}
    elif is_stale(raw, mark):
        raw = {name: value for name, value in raw.items() if name not in ("lon", "lat")}
    address = raw.get("address")
    if not isinstance(address, str) or "lon" in raw or "geometry" in raw or codes:
        return PlaceChoice(raw=raw)
    found = await find_places(host, town, address[:200], MOST_FOUND)
    if sure := sure_among(found, address):
        return PlaceChoice(raw={**raw, "address": sure.text, "lon": str(sure.lon), "lat": str(sure.lat)})
    enough = bool(raw.get("words")) or not finds_addresses(host, town)
    return PlaceChoice(raw=raw, found=found, problem=None if enough else _unknown(found))


def is_stale(raw: Mapping[str, Any], mark: str) -> bool:
    """Whether the address was rewritten while its point stayed behind."""
    point = f"{raw.get('lon', '')} {raw.get('lat', '')} "
    return "lon" in raw and mark.startswith(point) and mark != mark_of(raw)


def chosen_of(raw: Any) -> list[str]:
    """The codes of the things that were chosen in the list."""
    given = raw.get("assets") if isinstance(raw, Mapping) else None
    sent = [given] if isinstance(given, str) else given if isinstance(given, list | tuple) else []
    return [code for code in sent if isinstance(code, str) and code not in ("", NOT_LISTED)]


def offered(town: Jurisdiction, request_type: RequestType | None, settled: PlaceChoice) -> tuple[Asset, ...]:
    """The town's things around the place, to choose among."""
    if request_type is None or settled.point is None:
        return ()
    return offered_assets(town, request_type, *settled.point, tuple(chosen_of(settled.raw)))


def _unknown(found: tuple[FoundAddress, ...]) -> Problem:
    words = (
        gettext("Choose one of the addresses found.")
        if found
        else gettext("This address is not on file. Correct it or describe the place in words.")
    )
    return Problem(path="place", code="not_found", message=Text(fr=words, en=words))


def raw_place(place: Place | None) -> dict[str, Any]:
    """A place as the boxes of a form hold it."""
    if place is None:
        return {}
    given = {name: value if isinstance(value, dict) else str(value) for name, value in place.as_answer().items()}
    return given | ({"assets": list(place.assets)} if place.assets else {})


LEAST = 4


class PostalOffered(Struct, frozen=True, kw_only=True):
    """Addresses as they stand on an envelope: that of the place of the request, and those found for what is typed."""

    same: str = ""
    found: tuple[str, ...] = ()


async def postal_offered(room: DeskContext, typed: str, place: str) -> PostalOffered:
    """The place while nothing is typed; addresses of the town while one line is; nothing for a whole address."""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if not lines and place:
        found = await find_places(room.host, room.town, place[:200], MOST_FOUND)
        sure = sure_among(found, place)
        return PostalOffered(same=on_envelope(room.town, place, sure.postal_code if sure else ""))
    if len(lines) == 1 and len(lines[0]) >= LEAST:
        found = await find_places(room.host, room.town, lines[0][:200], MOST_FOUND)
        civic = (each for each in found if each.kind == "address" and each.fit != "near")
        written = dict.fromkeys(on_envelope(room.town, each.text, each.postal_code) for each in civic)
        return PostalOffered(found=tuple(written))
    return PostalOffered()


def row(lines: str) -> str:
    """An address of several lines in one."""
    return ", ".join(line for line in lines.splitlines() if line)
