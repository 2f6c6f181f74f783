"""A list of requests as a map draws it: those that lie close together counted as one, in one statement."""

from typing import Any

from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.requests.host import Host
from parvis.requests.lists.search import Filters, where_for
from parvis.requests.visibility import Viewer
from parvis_sdk.text import Text

MOST = 400
# Both engines cut the plane into equal cells by this, though not at the same lines.
GROUPED = """
SELECT count(*) AS requests, avg({of}lon) AS lon, avg({of}lat) AS lat, max(reference) AS reference,
max(type) AS type, max(phase) AS phase,
min({of}lon) AS west, min({of}lat) AS south, max({of}lon) AS east, max({of}lat) AS north
FROM service_request WHERE {where} AND {of}lat IS NOT NULL
GROUP BY CAST({of}lat * {{}} AS INTEGER), CAST(({of}lon + 180) * {{}} AS INTEGER)
ORDER BY count(*) DESC LIMIT {most}"""


class Group(Struct, frozen=True, kw_only=True):
    """Requests in one cell of the map: how many, where their middle is and how far they reach.

    `reference`, `title` and `phase` are those of a single one.
    """

    requests: int
    lon: float
    lat: float
    box: tuple[float, float, float, float]
    reference: str = ""
    title: Text | None = None
    phase: str = ""


async def grouped(host: Host, viewer: Viewer, jurisdiction: str, filters: Filters, cells: float) -> tuple[Group, ...]:
    """The groups of the whole list that somebody may see and that fits; at most four hundred, the largest first.

    The public is told of a place as everybody is, people of the town where it is.
    """
    where, values = where_for(host, viewer, jurisdiction, filters)
    sql = GROUPED.format(where=where, most=MOST, of="public_" if viewer.kind == "public" else "")
    rows = await ServiceRequest.raw(sql, *values, cells, cells * 0.7)
    return tuple(_group(host, row) for row in rows)


def _group(host: Host, row: dict[str, Any]) -> Group:
    box = (row["west"], row["south"], row["east"], row["north"])
    if row["requests"] > 1:
        return Group(requests=row["requests"], lon=round(row["lon"], 5), lat=round(row["lat"], 5), box=box)
    request_type = host.plugins.request_type(row["type"])
    return Group(
        requests=1,
        lon=row["lon"],
        lat=row["lat"],
        box=box,
        reference=row["reference"],
        title=request_type.title if request_type else Text(fr=row["type"]),
        phase=row["phase"],
    )
