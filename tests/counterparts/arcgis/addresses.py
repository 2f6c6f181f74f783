"""The GeocodeServer: an address becomes points, a point an address, a beginning suggestions."""

import difflib
import json
import math
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from .geometry import BadGeometry, moved, read, spatial_reference, wkid_of
from .queries import number
from .refusals import INCOMPLETE, NO_GOOD, RequestRefused

LEAST_SCORE = 60.0
REACH = 100.0
"""Metres in which reverseGeocode looks unless it is told otherwise."""
METRES_PER_DEGREE = 111_320.0
FIELDS = ("Loc_name", "Status", "Score", "Match_addr", "LongLabel", "Addr_type", "AddNum", "StName", "City", "Postal")


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """One address in WGS84; `kind` and `locator` say how exact it is: a whole street is found too."""

    number: str = ""
    street: str
    city: str
    postal: str = ""
    x: float
    y: float
    kind: str = "PointAddress"
    locator: str = "Adresse"

    @property
    def line(self) -> str:
        return ", ".join(part for part in (f"{self.number} {self.street}".strip(), self.city, self.postal) if part)


class Geocoder:
    """A GeocodeServer over a list of addresses, in its own spatial reference."""

    def __init__(self, addresses: Sequence[Address], wkid: int, suggests: bool = True) -> None:
        self.addresses, self.wkid, self.suggests = tuple(addresses), wkid, suggests
        self.words = [_words(address.line) for address in self.addresses]

    def described(self) -> dict[str, Any]:
        return {
            "currentVersion": 11.2,
            "serviceDescription": "",
            "addressFields": [{"name": "Address", "type": "esriFieldTypeString", "length": 100, "required": False}],
            "singleLineAddressField": {"name": "SingleLine", "type": "esriFieldTypeString", "length": 200},
            "candidateFields": [{"name": name, "type": "esriFieldTypeString"} for name in FIELDS],
            "spatialReference": spatial_reference(self.wkid),
            "locatorProperties": {"SuggestedBatchSize": 150, "MaxBatchSize": 1000},
            "locators": sorted({address.locator for address in self.addresses}),
            "capabilities": "Geocode,ReverseGeocode" + (",Suggest" if self.suggests else ""),
        }

    def candidates(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """findAddressCandidates, by one line, by parts or by the key of a suggestion."""
        asked = {name.lower(): value for name, value in asked.items()}
        out = self._out(asked)
        if asked.get("magickey"):
            found = [(100.0, self._kept(asked["magickey"]))]
        else:
            said = asked.get("singleline") or " ".join(
                asked[name] for name in ("address", "city", "postal") if asked.get(name)
            )
            if not said.strip():
                raise RequestRefused(400, INCOMPLETE, "'SingleLine' parameter not specified")
            found = self._scored(said)
        most = number(asked, "maxlocations", 20)
        shown = [name.strip() for name in asked.get("outfields", "").split(",") if name.strip()]
        candidates = [_candidate(address, score, out, shown) for score, address in found[:most]]
        return {"spatialReference": spatial_reference(out), "candidates": candidates}

    def suggestions(self, asked: Mapping[str, str]) -> dict[str, Any]:
        if not self.suggests:
            raise RequestRefused(400, INCOMPLETE, "This service does not suggest.")
        begun = _words(asked.get("text", ""))
        most = number(asked, "maxSuggestions", 5)
        found = [
            {"text": address.line, "magicKey": f"cle-{at}", "isCollection": False}
            for at, (address, words) in enumerate(zip(self.addresses, self.words, strict=True))
            if begun and all(any(word.startswith(said) for word in words) for said in begun)
        ]
        return {"suggestions": found[:most]}

    def nearest(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """reverseGeocode; when nothing is near, ArcGIS calls it an error."""
        asked = {name.lower(): value for name, value in asked.items()}
        out = self._out(asked)
        try:
            text = asked.get("location", "")
            given = (
                json.loads(text)
                if text.lstrip().startswith("{")
                else dict(zip("xy", map(float, text.split(",")), strict=True))
            )
            point = moved(read(given, "point"), wkid_of(given.get("spatialReference")) or 4326, 4326)
            reach = float(asked.get("distance") or REACH)
        except (BadGeometry, ValueError) as error:
            raise RequestRefused(400, INCOMPLETE, "'location' parameter is invalid") from error
        near = [(_metres(point, address), at) for at, address in enumerate(self.addresses) if address.number]
        if not near or min(near)[0] > reach:
            raise RequestRefused(400, NO_GOOD, "Unable to find address for the specified location.")
        address = self.addresses[min(near)[1]]
        said = {
            "Match_addr": address.line,
            "LongLabel": address.line,
            "Addr_type": address.kind,
            "AddNum": address.number,
            "Address": f"{address.number} {address.street}",
            "City": address.city,
            "Postal": address.postal,
            "Loc_name": address.locator,
        }
        place = moved({"x": address.x, "y": address.y}, 4326, out)
        return {"address": said, "location": {**place, "spatialReference": spatial_reference(out)}}

    def _out(self, asked: Mapping[str, str]) -> int:
        try:
            return wkid_of(asked.get("outsr")) or self.wkid
        except BadGeometry as error:
            raise RequestRefused(400, INCOMPLETE, "'outSR' parameter is invalid") from error

    def _kept(self, key: str) -> Address:
        number = key.removeprefix("cle-")
        if not number.isdigit() or int(number) >= len(self.addresses):
            raise RequestRefused(400, INCOMPLETE, "'magicKey' parameter is invalid")
        return self.addresses[int(number)]

    def _scored(self, said: str) -> list[tuple[float, Address]]:
        asked = _words(said)
        found = []
        for address, words in zip(self.addresses, self.words, strict=True):
            likeness = [_likeness(word, words) for word in asked]
            score = round(100 * sum(likeness) / len(likeness), 2) if likeness else 0
            if score >= LEAST_SCORE and (not address.number or address.number.lower() in asked):
                found.append((score, address))
        return sorted(found, key=lambda each: -each[0])


def _candidate(address: Address, score: float, out: int, shown: Sequence[str]) -> dict[str, Any]:
    place = moved({"x": address.x, "y": address.y}, 4326, out)
    near = 0.001
    low, high = (moved({"x": address.x + d, "y": address.y + d}, 4326, out) for d in (-near, near))
    told = {
        "Loc_name": address.locator,
        "Status": "M",
        "Score": score,
        "Match_addr": address.line,
        "LongLabel": address.line,
        "Addr_type": address.kind,
        "AddNum": address.number,
        "StName": address.street,
        "City": address.city,
        "Postal": address.postal,
    }
    return {
        "address": address.line,
        "location": place,
        "score": score,
        "attributes": told if "*" in shown else {name: told[name] for name in shown if name in told},
        "extent": {"xmin": low["x"], "ymin": low["y"], "xmax": high["x"], "ymax": high["y"]},
    }


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each if each.isalnum() else " " for each in plain if not unicodedata.combining(each))
    return kept.split()


def _likeness(said: str, words: Sequence[str]) -> float:
    if said in words:
        return 1.0
    if said.isdigit():
        return 0.0
    best = max((difflib.SequenceMatcher(None, said, word).ratio() for word in words), default=0.0)
    return best if best > 0.7 else 0.0


def _metres(point: Mapping[str, float], address: Address) -> float:
    east = (point["x"] - address.x) * math.cos(math.radians(address.y))
    return METRES_PER_DEGREE * math.hypot(east, point["y"] - address.y)
