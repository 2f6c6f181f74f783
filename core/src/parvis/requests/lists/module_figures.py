"""What modules count and narrow lists of requests by, as data."""

from collections.abc import Awaitable, Sequence
from datetime import date
from typing import Any, Protocol

from msgspec import Struct

from parvis.db.tables import ServiceRequest
from parvis.selection import Period, Where
from parvis_sdk.text import Text


class ListCondition(Struct, frozen=True):
    """A part of a WHERE over requests, with its values; `{}` stands for each. The SQL is the module's own.

    Where it `leads` to a few rows at once, nothing else of the list is walked for them.
    """

    sql: str
    values: tuple[Any, ...] = ()
    leads: bool = False


class InformationCount(Struct, frozen=True, kw_only=True):
    """Over some days: how often somebody had all they needed at once, about what, by which channel."""

    type: str
    channel: str
    given: int


class InformationBetween(Protocol):
    """What was counted in a town from one day to another, both included; what is left empty does not narrow."""

    def __call__(
        self,
        jurisdiction: str,
        since: date,
        until: date,
        types: tuple[str, ...] = (),
        *,
        zones: tuple[str, ...] = (),
        channels: tuple[str, ...] = (),
    ) -> Awaitable[tuple[InformationCount, ...]]: ...


class InformationSource(Struct, frozen=True, kw_only=True):
    """Who counts, at the desk of a town, answers that needed no request."""

    between: InformationBetween


COUNTED = """
SELECT {number} AS number, COUNT(*) AS counted FROM {table} t JOIN service_request r ON r.id = t.request WHERE {where}
"""


class FigureMeaning(Struct, frozen=True, kw_only=True):
    """What a figure is called and exactly what it counts, no matter who counts it."""

    code: str
    title: Text
    meaning: Text


class Figure(FigureMeaning, frozen=True, kw_only=True):
    """How many rows of a table there are, each of a request, for which a condition holds.

    In the condition `t` is the row and `r` its request. Counted are those whose moment in the column `during` lies in a
    period; where there is none, those of now. They are of requests by whose `units` the person may see figures. `path`
    leads to the list of exactly these, on a page that is opened by a `right` and, with `during`, takes the days as
    `depuis` and `jusqua`.
    """

    table: str
    condition: str
    during: str = ""
    units: tuple[str, ...] = ("r.unit",)
    path: str = ""
    right: str = "see"


async def counted(figures: Sequence[tuple[Figure, Where]], period: Period) -> tuple[int, ...]:
    """Each over the requests that are said beside it."""
    if not figures:
        return ()
    statements: list[str] = []
    values: list[Any] = []
    for number, (figure, among) in enumerate(figures):
        parts, given = [among.sql, f"({figure.condition})"], [*among.values]
        if figure.during:
            parts.append(f"t.{figure.during} >= {{}} AND t.{figure.during} < {{}}")
            given += [period.since, period.until]
        statements.append(COUNTED.format(number=number, table=figure.table, where=" AND ".join(parts)))
        values += given
    rows = await ServiceRequest.raw(" UNION ALL ".join(statements), *values)
    return tuple(int(row["counted"]) for row in sorted(rows, key=lambda row: int(row["number"])))
