"""Requests counted where they lie: by type, unit, zone and channel in one statement, whose answer is as long as those.

Several questions go together: each reads an index of its own, and their answers come below one another.

The median and the 90th percentile of how long something took are found there too: durations are first
rounded up to steps, so that there are few of them to look through.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from parvis.db.replica import may_be_behind
from parvis.db.tables import ServiceRequest
from parvis.requests.clocks.measures import A_DAY
from parvis.selection import Where

Dimension = str
ALL: Dimension = ""
KINDS: tuple[Dimension, ...] = ("type", "unit", "zone", "channel")
PAIRS: Dimension = "type_unit"  # a type at one unit: the only dimension of two columns, whose codes have no colon
PAIRED = {PAIRS: ("type || ':' || unit", "type, unit")}
FINE, UP_TO = A_DAY // 20, 20 * A_DAY  # a twentieth of a business day up to twenty of them, beyond that whole ones
STEP = (
    f"CASE WHEN r.{{delay}} <= {UP_TO} THEN (r.{{delay}} + {FINE - 1}) / {FINE} * {FINE} "
    f"ELSE (r.{{delay}} + {A_DAY - 1}) / {A_DAY} * {A_DAY} END"
)

FINE_LINES = """
WITH fine AS (
  SELECT {columns}{step} AS step, CAST(COUNT(*) AS integer) AS requests{summed}
  FROM service_request r WHERE {where} GROUP BY {places}
)"""
PLAIN = (
    "{lines} SELECT dimension, code, requests{sums}, 0 AS measured, step AS half, step AS most FROM ({grouped}) AS g"
)
COUNTED = """{lines}, grouped AS ({grouped}), running AS (
  SELECT grouped.*, SUM(CASE WHEN step IS NULL THEN 0 ELSE requests END)
    OVER (PARTITION BY dimension, code ORDER BY step ROWS UNBOUNDED PRECEDING) AS below,
    SUM(CASE WHEN step IS NULL THEN 0 ELSE requests END) OVER (PARTITION BY dimension, code) AS measured
  FROM grouped
)
SELECT dimension, code, SUM(requests) AS requests{again}, MAX(measured) AS measured,
  MIN(CASE WHEN below * 2 >= measured THEN step END) AS half,
  MIN(CASE WHEN below * 10 >= measured * 9 THEN step END) AS most
FROM running GROUP BY dimension, code
"""
GROUPED = (
    "SELECT '{dimension}' AS dimension, {code} AS code, step, CAST(SUM(requests) AS integer) AS requests{sums} "
    "FROM fine GROUP BY {by}"
)
TOGETHER = (
    "SELECT {part} AS part, dimension, code, requests{sums}, measured, half, most FROM ({counted}) AS part_{part}"
)


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
    """What is added up over requests: an expression over `r`, with a value for each `{}` in it.

    What counts them fits an integer, of which PostgreSQL adds up twice as many in the same time.
    """

    sql: str
    values: tuple[Any, ...] = ()
    counts: bool = False

    def added(self, name: str) -> str:
        """Its sums of some lines, added up for all of them."""
        return f"CAST(SUM({name}) AS integer)" if self.counts else f"SUM({name})"


def those(condition: str, *values: Any) -> Sum:
    """How many there are for which this holds."""
    return Sum(f"CAST(COUNT(CASE WHEN {condition} THEN 1 END) AS integer)", values, counts=True)


class Counting(Struct, frozen=True):
    """The requests of `where`; `delay` is the column whose median and 90th percentile are wanted."""

    where: Where
    sums: Mapping[str, Sum]
    delay: str = ""


Counted = dict[tuple[Dimension, str], RequestFigures]


async def count(
    where: Where, sums: Mapping[str, Sum], *, delay: str = "", by: tuple[Dimension, ...] = KINDS
) -> Counted:
    """The requests of `where` by each dimension and over all; one statement."""
    return (await count_together((Counting(where, sums, delay),), by=by))[0]


async def count_together(asked: Sequence[Counting], *, by: tuple[Dimension, ...] = KINDS) -> tuple[Counted, ...]:
    """The same of each that is asked, still by one statement."""
    width = max(len(each.sums) for each in asked)
    parts = [_part(number, each, by, width) for number, each in enumerate(asked)]
    with may_be_behind():
        rows = await ServiceRequest.raw(" UNION ALL ".join(parts), *(it for each in asked for it in _values(each)))
    found: tuple[Counted, ...] = tuple({} for _ in asked)
    for row in rows:
        part = int(row["part"])
        found[part][row["dimension"], row["code"]] = _counted(row, asked[part].sums)
    return found


def _part(number: int, asked: Counting, by: tuple[Dimension, ...], width: int) -> str:
    """One question; its sums go by numbers, and there are as many as in each other."""
    again = "".join(f", {each.added(name)} AS {name}" for name, each in asked.sums.items())
    columns = [name for name in by if name not in PAIRED]
    coded = [(name, *PAIRED.get(name, (name, name))) for name in by]
    grouped = [
        GROUPED.format(dimension=name, code=code, by=f"{these}, step", sums=again) for name, code, these in coded
    ]
    grouped.append(GROUPED.format(dimension=ALL, code="''", by="step", sums=again))
    lines = FINE_LINES.format(
        columns="".join(f"r.{name}, " for name in columns),
        step=STEP.format(delay=asked.delay) if asked.delay else "CAST(NULL AS integer)",
        summed="".join(f", {each.sql} AS {name}" for name, each in asked.sums.items()),
        where=asked.where.sql,
        places=", ".join(str(place) for place in range(1, len(columns) + 2)),
    )
    counted = (COUNTED if asked.delay else PLAIN).format(
        lines=lines,
        grouped=" UNION ALL ".join(grouped),
        again=again,
        sums="".join(f", {name}" for name in asked.sums),
    )
    numbered = [*asked.sums, *["0"] * (width - len(asked.sums))]
    sums = "".join(f", {name} AS sum_{place}" for place, name in enumerate(numbered))
    return TOGETHER.format(part=number, sums=sums, counted=counted)


def _values(asked: Counting) -> list[Any]:
    return [*(value for each in asked.sums.values() for value in each.values), *asked.where.values]


def _counted(row: Mapping[str, Any], sums: Mapping[str, Sum]) -> RequestFigures:
    return RequestFigures(
        requests=int(row["requests"]),
        sums={name: int(row[f"sum_{place}"] or 0) for place, name in enumerate(sums)},
        measured=int(row["measured"] or 0),
        half=_days(row["half"]),
        most=_days(row["most"]),
    )


def _days(delay: int | None) -> float | None:
    return None if delay is None else delay / A_DAY
