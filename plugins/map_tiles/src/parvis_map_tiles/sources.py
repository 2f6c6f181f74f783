"""Where a tile lies at its source, and which tiles show a town."""

from math import atan, degrees, exp, pi
from urllib.parse import urlencode

from parvis.jurisdictions.base_map import DRAWN, BaseMap

RADIUS = 6378137.0  # metres, of Web Mercator
HALF = pi * RADIUS
AROUND = 1.0  # widths of a town that one may look beyond it
LEAST_AROUND = 0.05  # degrees
Box = tuple[float, float, float, float]
"""West, south, east, north."""


def is_tile(base: BaseMap, bounds: Box, z: int, x: int, y: int) -> bool:
    """Whether it is one of the tiles of that map that show a town or what is around it."""
    if not (0 <= z <= base.max_zoom and 0 <= x < 2**z and 0 <= y < 2**z):
        return False
    west, south, east, north = in_degrees(box_of(z, x, y))
    wide = max(LEAST_AROUND, AROUND * (bounds[2] - bounds[0]))
    high = max(LEAST_AROUND, AROUND * (bounds[3] - bounds[1]))
    beside = east < bounds[0] - wide or west > bounds[2] + wide
    return not (beside or north < bounds[1] - high or south > bounds[3] + high)


def address_at_source(base: BaseMap, url: str, z: int, x: int, y: int) -> str:
    """Where the source has it."""
    box = ",".join(f"{edge:.4f}" for edge in box_of(z, x, y))
    if base.kind == "wms":
        reference = "CRS" if base.version == "1.3.0" else "SRS"
        asked = {"SERVICE": "WMS", "REQUEST": "GetMap", "VERSION": base.version, "LAYERS": base.layers, "STYLES": ""}
        asked |= {"FORMAT": base.format, "TRANSPARENT": "false", reference: "EPSG:3857", "BBOX": box}
        return with_query(url, asked | {"WIDTH": str(DRAWN), "HEIGHT": str(DRAWN)})
    if base.kind == "arcgis_export":
        asked = {"f": "image", "format": "png32", "transparent": "false", "size": f"{DRAWN},{DRAWN}"}
        asked |= {"bbox": box, "bboxSR": "3857", "imageSR": "3857"}
        drawing = "exportImage" if url.rstrip("/").endswith("ImageServer") else "export"
        return with_query(
            f"{url.rstrip('/')}/{drawing}", asked | ({"layers": f"show:{base.layers}"} if base.layers else {})
        )
    template = f"{url.rstrip('/')}/tile/{{z}}/{{y}}/{{x}}" if base.kind == "arcgis" else url
    subdomain = base.subdomains[(x + y) % len(base.subdomains)] if base.subdomains else ""
    for name, value in (("{z}", str(z)), ("{x}", str(x)), ("{y}", str(y)), ("{s}", subdomain)):
        template = template.replace(name, value)
    return template


def box_of(z: int, x: int, y: int) -> Box:
    """The edges of a tile in metres of Web Mercator."""
    side = 2 * HALF / 2**z
    west, north = -HALF + x * side, HALF - y * side
    return west, north - side, west + side, north


def in_degrees(box: Box) -> Box:
    west, south, east, north = box

    def latitude(metres: float) -> float:
        return degrees(2 * atan(exp(metres / RADIUS)) - pi / 2)

    return degrees(west / RADIUS), latitude(south), degrees(east / RADIUS), latitude(north)


def with_query(url: str, asked: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(asked)}"
