"""Requests counted where they lie: by type, unit, zone and channel in one statement, whose answer is as long as those.

Of how long something took, the middle and the point below which nine in ten lie are found there too: delays are first
rounded up to steps, so that there are few of them to look through.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.requests.clocks.measures import A_DAY
from parvis.selection import Period, Where

Dimension = str
ALL: Dimension = ""
KINDS: tuple[Dimension, ...] = ("type", "unit", "zone", "channel")
FINE, UP_TO = A_DAY // 20, 20 * A_DAY  # a twentieth of a business day up to twenty of them, beyond that whole ones
STEP = (
    f"CASE WHEN r.{{delay}} <= {UP_TO} THEN (r.{{delay}} + {FINE - 1}) / {FINE} * {FINE} "
    f"ELSE (r.{{delay}} + {A_DAY - 1}) / {A_DAY} * {A_DAY} END"
)

COUNTED = """
WITH fine AS (
  SELECT {columns}{step} AS step, COUNT(*) AS requests{summed}
  FROM service_request r WHERE {where} GROUP BY {places}
), grouped AS ({grouped}), running AS (
  SELECT grouped.*, SUM(CASE WHEN step IS NULL THEN 0 ELSE requests END)
    OVER (PARTITION BY dimension, code ORDER BY step ROWS UNBOUNDED PRECEDING) AS below,
    SUM(CASE WHEN step IS NULL THEN 0 ELSE requests END) OVER (PARTITION BY dimension, code) AS measured
  FROM grouped
)
SELECT dimension, code, SUM(requests) AS requests{sums}, MAX(measured) AS measured,
  MIN(CASE WHEN below * 2 >= measured THEN step END) AS half,
  MIN(CASE WHEN below * 10 >= measured * 9 THEN step END) AS most
FROM running GROUP BY dimension, code
"""
GROUPED = (
    "SELECT '{dimension}' AS dimension, {code} AS code, step, SUM(requests) AS requests{sums} FROM fine GROUP BY {by}"
)
EACH = "SELECT {number} AS number, COUNT(*) AS requests FROM service_request r WHERE {where} AND {during}"


class RequestFigures(Struct, frozen=True, kw_only=True):
    """So many requests; of each sum; business days within which half of those measured lie, and nine in ten."""

    requests: int = 0
    sums: Mapping[str, int] = {}
    measured: int = 0
    half: float | None = None
    most: float | None = None

    def __getitem__(self, name: str) -> int:
        return self.sums.get(name, 0)


NONE = RequestFigures()


class Sum(Struct, frozen=True):
    """What is added up over requests: an expression over `r`, with a value for each `{}` in it."""

    sql: str
    values: tuple[Any, ...] = ()


def those(condition: str, *values: Any) -> Sum:
    """How many there are for which this holds."""
    return Sum(f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)", values)


async def count(
    where: Where,
    sums: Mapping[str, Sum],
    *,
    delay: str = "",
    by: tuple[Dimension, ...] = KINDS,
) -> dict[tuple[Dimension, str], RequestFigures]:
    """The requests of `where` by each dimension and over all; one statement.

    `delay` is the column of which half and most are told.
    """
    step = STEP.format(delay=delay) if delay else "CAST(NULL AS integer)"
    columns = "".join(f"r.{name}, " for name in by)
    places = ", ".join(str(place) for place in range(1, len(by) + 2))
    summed = "".join(f", {each.sql} AS {name}" for name, each in sums.items())
    again = "".join(f", SUM({name}) AS {name}" for name in sums)
    grouped = [GROUPED.format(dimension=name, code=name, by=f"{name}, step", sums=again) for name in by]
    grouped.append(GROUPED.format(dimension=ALL, code="''", by="step", sums=again))
    sql = COUNTED.format(
        columns=columns,
        step=step,
        summed=summed,
        where=where.sql,
        places=places,
        grouped=" UNION ALL ".join(grouped),
        sums=again,
    )
    values = [value for each in sums.values() for value in each.values]
    rows = await ServiceRequest.raw(sql, *values, *where.values)
    return {(row["dimension"], row["code"]): _counted(row, sums) for row in rows}


def _counted(row: Mapping[str, Any], sums: Mapping[str, Sum]) -> RequestFigures:
    return RequestFigures(
        requests=int(row["requests"]),
        sums={name: int(row[name] or 0) for name in sums},
        measured=int(row["measured"] or 0),
        half=_days(row["half"]),
        most=_days(row["most"]),
    )


def _days(delay: int | None) -> float | None:
    return None if delay is None else delay / A_DAY


async def count_each(where: Where, column: str, periods: tuple[Period, ...]) -> list[int]:
    """How many requests have this moment in each of at most five hundred periods; one statement, read from an index."""
    during = f"r.{column} >= {{}} AND r.{column} < {{}}"
    parts = [EACH.format(number=number, where=where.sql, during=during) for number in range(len(periods))]
    values = [value for period in periods for value in (*where.values, period.since, period.until)]
    rows = await ServiceRequest.raw(" UNION ALL ".join(parts), *values)
    return [int(row["requests"]) for row in sorted(rows, key=lambda row: int(row["number"]))]
