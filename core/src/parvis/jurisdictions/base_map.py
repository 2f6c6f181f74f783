"""The map under the map: tiles of the town’s choice, and who is named for them."""

import re
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import TownFile
from parvis_sdk.text import Text

Kind = Literal["xyz", "wms", "arcgis", "arcgis_export"]
MADE: tuple[Kind, ...] = ("xyz", "wms", "arcgis", "arcgis_export")
KINDS = (*MADE, "none")
OWN = "/tuiles/{variant}/{{z}}/{{x}}/{{y}}"
DAY, NIGHT = "jour", "nuit"
USUAL_SUBDOMAINS = ("a", "b", "c")
SUBDOMAIN = re.compile(r"[a-z0-9-]{1,20}")
FORMATS = ("image/png", "image/jpeg", "image/webp")
WMS_VERSIONS = ("1.3.0", "1.1.1")
ARCGIS = re.compile(r"/(Map|Image)Server/?$")
DRAWN = 256  # pixels of a tile that is drawn on demand
NEAR = ("localhost", "127.0.0.1", "[::1]")


class BaseMap(msgspec.Struct, frozen=True, kw_only=True):
    """Tiles under the map: only where a town asks for them.

    `kind` says how an address is made: from {z}, {x} and {y}, by the questions of a WMS for its `layers`, from the
    tiles that an ArcGIS map service keeps, or by asking one to draw. With `proxy` we fetch them ourselves, keep them so
    many days and megabytes, and no browser asks anybody else.
    """

    url: str
    attribution: Text
    kind: Kind = "xyz"
    link: str = ""
    max_zoom: int = 19
    tile_size: int = 256
    subdomains: tuple[str, ...] = ()
    layers: str = ""
    format: str = "image/png"
    version: str = "1.3.0"
    dark_url: str = ""
    proxy: bool = False
    keep_days: int = 30
    keep_megabytes: int = 500

    @property
    def template(self) -> str:
        """The address of a tile by {z}, {x} and {y}; empty where tiles are asked for otherwise."""
        return self.template_of(self.url, DAY)

    @property
    def dark_template(self) -> str:
        return self.template_of(self.dark_url, NIGHT) if self.dark_url else ""

    def template_of(self, url: str, variant: str) -> str:
        if self.proxy:
            return OWN.format(variant=variant)
        return {"xyz": url, "arcgis": f"{url.rstrip('/')}/tile/{{z}}/{{y}}/{{x}}"}.get(self.kind, "")

    @property
    def origins(self) -> tuple[str, ...]:
        """Where tiles come from, each as a content security policy names it; nothing for those of our own site."""
        if self.proxy:
            return ()
        addresses = [url.replace("{s}", one) for url in (self.url, self.dark_url) for one in self.subdomains or ("",)]
        parts = [urlsplit(address) for address in addresses]
        return tuple(dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in parts if one.netloc))


def read_base_map(table: Table) -> BaseMap | None:
    """`[base_map]`; None when the town wants none."""
    kind = table.choice("kind", KINDS, "xyz")
    if kind == "none":
        table.close()
        return None
    proxy = table.yes("proxy", False)
    url = tile_address(table, "url", kind, required=True, ours=proxy)
    dark_url = tile_address(table, "dark_url", kind, ours=proxy)
    subdomains = table.strings("subdomains")
    for one in subdomains:
        if not SUBDOMAIN.fullmatch(one):
            table.wrong("subdomains", f"'{one}' is not part of a host name", 'write a list such as ["a", "b", "c"]')
    if subdomains and "{s}" not in url:
        table.wrong("subdomains", "are not used in the address", "write {s} in url where they go, or remove them")
    base = BaseMap(
        url=url,
        dark_url=dark_url,
        kind=next((each for each in MADE if each == kind), "xyz"),
        attribution=table.text("attribution", required=True),
        link=table.url("link"),
        max_zoom=table.number("max_zoom", 1, 24) or 19,
        tile_size=table.number("tile_size", 128, 1024) or 256,
        subdomains=subdomains or (USUAL_SUBDOMAINS if "{s}" in url else ()),
        layers=table.string("layers", required=kind == "wms"),
        format=table.choice("format", FORMATS, FORMATS[0]),
        version=table.choice("version", WMS_VERSIONS, WMS_VERSIONS[0]),
        proxy=proxy,
        keep_days=table.number("keep_days", 1, 365) or 30,
        keep_megabytes=table.number("keep_megabytes", 10, 100_000) or 500,
    )
    table.close()
    return base


def tile_address(table: Table, name: str, kind: str, required: bool = False, *, ours: bool = False) -> str:
    """An address of tiles. Browsers refuse one that is not encrypted, but for this machine; `ours` is for us alone."""
    url = table.url(name, required=required)
    parts = urlsplit(url)
    if ours and url and not parts.netloc:
        table.wrong(name, "is a page of this site, which proxy cannot fetch", "write a full address, or remove proxy")
    if kind.startswith("arcgis") and url and not ARCGIS.search(parts.path):
        table.wrong(name, "is not a map service", "write an address that ends in /MapServer or /ImageServer")
    if not ours and parts.scheme == "http" and parts.netloc.partition(":")[0] not in NEAR:
        table.wrong(name, "is not encrypted, and browsers refuse such pictures", "write an address with https://")
    if url and kind == "xyz" and not all(part in url for part in ("{x}", "{y}", "{z}")):
        table.wrong(name, "has no {z}, {x} and {y}", "write an address such as https://tiles.example/{z}/{x}/{y}.png")
    if any(part in parts.netloc for part in ("{x}", "{y}", "{z}")):
        table.wrong(name, "has {z}, {x} or {y} in its host", "write them after the host only")
    return url


BASE_MAP: TownFile[BaseMap | None] = TownFile(
    name="[base_map]", read=lambda table, around: read_base_map(table), usual=None
)
