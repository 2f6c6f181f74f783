"""A town (a jurisdiction) and all towns of an installation: what belongs to one town and is never code."""

from pathlib import Path
from typing import Any, Literal

import msgspec
from shapely.geometry.base import BaseGeometry

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
        return next((zone for zone in self.zones if zone.code == code), None)


class Jurisdictions(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The towns of an installation by their codes; `default` is for hosts that none of them claims."""

    by_code: dict[str, Jurisdiction]
    default: str
    doubts: tuple[JurisdictionMistake, ...] = ()  # what of its files should be mended, though it is served
    folder: Path | None = None  # from which they were read

    def jurisdiction(self, code: str) -> Jurisdiction:
        return self.by_code[code]

    def get(self, code: str) -> Jurisdiction | None:
        return self.by_code.get(code)

    def for_host(self, host: str | None) -> Jurisdiction:
        """The jurisdiction that answers to a host header; the default one when nobody does."""
        name = host_name(host or "")
        for jurisdiction in self.by_code.values():
            if name in jurisdiction.hosts:
                return jurisdiction
        return self.by_code[self.default]


def host_name(host: str) -> str:
    """The name of a host header without its port: `Ville.Example:8000` gives `ville.example`."""
    host = host.strip().lower().rstrip(".")
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].rstrip(".")
