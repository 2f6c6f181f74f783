"""A town (a jurisdiction) and all towns of an installation: what belongs to one town and is never code."""

import re
from pathlib import Path
from typing import Any, Literal

import msgspec
from shapely.geometry.base import BaseGeometry

from parvis.i18n import say
from parvis.jurisdictions import units
from parvis.jurisdictions.brand import Brand, Logo
from parvis.jurisdictions.calendars import BusinessCalendar
from parvis.jurisdictions.levels import LevelRule, Season
from parvis.jurisdictions.reading import JurisdictionMistake
from parvis.jurisdictions.shapes import Plane
from parvis.jurisdictions.units import RouteRule, Unit
from parvis.jurisdictions.zones import Zone
from parvis_sdk.text import Text

LanguageRegime = Literal["french_only", "english_on_declaration", "bilingual"]
REGIMES: tuple[LanguageRegime, ...] = ("french_only", "english_on_declaration", "bilingual")


class Link(msgspec.Struct, frozen=True, kw_only=True):
    label: Text
    url: str


class Jurisdiction(msgspec.Struct, frozen=True, kw_only=True, eq=False, weakref=True):
    """A municipality or MRC member served by this installation."""

    code: str
    name: Text
    brand: Brand
    units: dict[str, Unit]
    default_unit: str
    boundary: BaseGeometry
    plane: Plane
    hosts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    phone: str = ""
    email: str = ""
    address: Text = Text(fr="")
    website: str = ""
    privacy_notice: Text = Text(fr="")
    language_regime: LanguageRegime = "french_only"
    indexed: bool = True  # whether search engines may list its public requests
    time_zone: str = "America/Toronto"
    calendar: BusinessCalendar = BusinessCalendar()
    zones: tuple[Zone, ...] = ()
    former_zones: tuple[Zone, ...] = ()  # names of those that are no longer drawn
    zones_layer: str = ""  # the layer of another system that zones come from
    plugins: tuple[str, ...] | None = None
    modules: tuple[str, ...] | None = None  # those that are on; None where operators decide
    routes: tuple[RouteRule, ...] = ()
    locator: str = ""
    anything_else: str = ""  # the request type that takes what no other does
    seasons: tuple[Season, ...] = ()
    service_levels: tuple[LevelRule, ...] = ()
    logo: Logo = Logo()
    module_settings: dict[str, dict[str, Any]] = {}  # as they are written, by module
    from_files: dict[str, Any] = {}  # what rooms and modules read there, by `TownFile.name`
    unread: tuple[str, ...] = ()  # files and sections that nobody here reads

    @property
    def languages(self) -> tuple[str, ...]:
        return ("fr",) if self.language_regime == "french_only" else ("fr", "en")

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        west, south, east, north = self.boundary.bounds
        return west, south, east, north

    def allows_plugin(self, name: str) -> bool:
        return self.plugins is None or name in self.plugins

    def unit(self, code: str) -> Unit | None:
        return self.units.get(code)

    def units_under(self, code: str) -> frozenset[str]:
        return units.units_under(self.units, code)

    def path_of(self, code: str) -> tuple[Unit, ...]:
        return units.path_to(self.units, code)

    def zone(self, code: str) -> Zone | None:
        """The zone of that code; of one that is no longer drawn, which requests may still name, without its shape."""
        return next((zone for zone in (*self.zones, *self.former_zones) if zone.code == code), None)


class TownAway(msgspec.Struct, frozen=True, kw_only=True):
    """A town that was served here, and whose folder is not there: how many of its requests wait for it."""

    code: str
    name: str
    hosts: tuple[str, ...]
    is_default: bool = False  # it answered at hosts that nobody claims, and no other does now
    requests: int = 0

    def mistake(self, folder: Path | None) -> JurisdictionMistake:
        return JurisdictionMistake(
            file=str(folder or "."),
            key=self.code,
            what=f"the folder of {self.name} is missing: {self.requests} requests wait and its pages are unavailable",
            todo="restore it, for example from a backup, and restart; "
            f"if the town has left for good: parvis towns forget {self.code}",
        )


class Jurisdictions(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The towns of an installation by their codes; `default` is for hosts that none of them claims.

    `named` is the default that the files name: it may be one that is away, and is a mistake if nobody knows it.
    """

    by_code: dict[str, Jurisdiction]
    default: str
    named: str = ""
    doubts: tuple[JurisdictionMistake, ...] = ()  # what of its files should be mended, though it is served
    folder: Path | None = None  # from which they were read
    away: dict[str, TownAway] = {}  # those that were served, and are in it no more

    def jurisdiction(self, code: str) -> Jurisdiction:
        return self.by_code[code]

    def get(self, code: str) -> Jurisdiction | None:
        return self.by_code.get(code)

    def away_at(self, host: str) -> TownAway | None:
        """The town that answered to a host header, by its name or by default, and is away."""
        name = host_name(host)
        its_own = next((each for each in self.away.values() if name in each.hosts), None)
        return its_own or (None if self.claimed_by(host) else self.away.get(self.by_default))

    @property
    def by_default(self) -> str:
        """The code of the town for hosts that nobody claims: no other takes its place while it is away."""
        return next((each.code for each in self.away.values() if each.is_default), self.default)

    def for_host(self, host: str | None) -> Jurisdiction:
        """The jurisdiction that answers to a host header; the default one when nobody does."""
        return self.claimed_by(host or "") or self.by_code[self.default]

    def claimed_by(self, host: str) -> Jurisdiction | None:
        """The jurisdiction that names this host as its own."""
        name = host_name(host)
        return next((each for each in self.by_code.values() if name in each.hosts), None)


def host_name(host: str) -> str:
    """The name of a host header without its port: `Ville.Example:8000` gives `ville.example`."""
    host = host.strip().lower().rstrip(".")
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].rstrip(".")


def town_head(town: Jurisdiction) -> dict[str, Any]:
    """The town as every sheet of paper says it."""
    return {
        "name": say(town.name),
        "mark": say(town.brand.logo_text),
        "logo": town.logo.name or None,
        "colour": town.brand.primary,
        "link": town.brand.link,
        "lines": [line for line in (say(town.address), town.phone, town.website) if line],
        "email": town.email,
    }


AS_TOWN = re.compile(r"^(?:Ville|Municipalité|Village|Paroisse|Canton)\s(?:de la\s|de l’|des\s|du\s|de\s|d’)")


def on_envelope(town: Jurisdiction, street: str, postal_code: str = "") -> str:
    """The street, then the municipality by its own name, the province and the postal code where it is known."""
    municipality = f"{AS_TOWN.sub('', town.name.to('fr'))} (Québec)"
    return f"{street}\n{municipality}  {postal_code}".rstrip()
