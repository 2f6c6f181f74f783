"""Where requests lie and where they take long: cells of a few streets, those with few people left out."""

from typing import Any, Literal

from msgspec import Struct

from parvis.access_scope import Scope
from parvis.db.replica import may_be_behind
from parvis.db.tables import ServiceRequest
from parvis.requests.clocks.measures import A_DAY
from parvis.selection import Period
from parvis_dashboards.counting import STEP
from parvis_dashboards.figures import Narrow, narrowed
from parvis_dashboards.published import LEAST

What = Literal["received", "finished"]
A_DEGREE = 165  # so many cells within one degree of latitude, six hundred metres each
MOST = 150
CELLS = f"""
WITH fine AS (
  SELECT CAST((r.lat + 90) * {A_DEGREE} AS INTEGER) AS row_,
    CAST((r.lon + 180) * {A_DEGREE * 0.7} AS INTEGER) AS column_,
    {STEP.format(delay="took")} AS step, COUNT(*) AS requests, MAX(r.zone) AS zone,
    SUM(CASE WHEN r.promise = 'missed' OR r.undone > 0 THEN 1 ELSE 0 END) AS broken,
    MIN(r.lon) AS west, MIN(r.lat) AS south, MAX(r.lon) AS east, MAX(r.lat) AS north
  FROM service_request r WHERE {{where}} AND r.lat IS NOT NULL GROUP BY 1, 2, 3
), running AS (
  SELECT fine.*, SUM(CASE WHEN step IS NULL THEN 0 ELSE requests END)
    OVER (PARTITION BY row_, column_ ORDER BY step ROWS UNBOUNDED PRECEDING) AS below,
    SUM(CASE WHEN step IS NULL THEN 0 ELSE requests END) OVER (PARTITION BY row_, column_) AS measured
  FROM fine
)
SELECT SUM(requests) AS requests, MAX(zone) AS zone, SUM(broken) AS broken, MIN(west) AS west, MIN(south) AS south,
  MAX(east) AS east, MAX(north) AS north, MIN(CASE WHEN below * 2 >= measured THEN step END) AS half
FROM running GROUP BY row_, column_ HAVING SUM(requests) >= {LEAST}
ORDER BY SUM(requests) DESC, MIN(west) LIMIT {MOST}
"""  # noqa: S608 - ours


class Cell(Struct, frozen=True, kw_only=True):
    """A few streets: how many requests, how long half of them took at most, how many promises were missed.

    `box` is west, south, east and north of what lies in it; `zone` is that of some of them.
    """

    requests: int
    half: float | None
    broken: int
    zone: str
    box: tuple[float, float, float, float]

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude, to a hundred metres."""
        west, south, east, north = self.box
        return round((west + east) / 2, 3), round((south + north) / 2, 3)


async def cells(scope: Scope, period: Period, narrow: Narrow, what: What) -> tuple[Cell, ...]:
    """The cells with most requests received, or finished, in a period; one statement."""
    column = {"received": "submitted_at", "finished": "closed_at"}[what]
    where = narrowed(scope, narrow).add(f"r.{column} >= {{}}", period.since).add(f"r.{column} < {{}}", period.until)
    with may_be_behind():
        rows: list[dict[str, Any]] = await ServiceRequest.raw(CELLS.format(where=where.sql), *where.values)
    return tuple(
        Cell(
            requests=int(row["requests"]),
            half=None if row["half"] is None else row["half"] / A_DAY,
            broken=int(row["broken"]),
            zone=row["zone"],
            box=(row["west"], row["south"], row["east"], row["north"]),
        )
        for row in rows
    )
