"""Writing new rows: kept until the unit ends, or reads, then sent together; each shape of statement is made once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from piccolo.table import Table

MOST_TOGETHER = 200  # rows of one statement, far from what either engine allows


Statement = tuple[str, list[Any]]
"""SQL and the values of its placeholders."""


class NewRow(NamedTuple):
    """A row to be written, with a value for every column."""

    table: type[Table]
    values: Mapping[str, Any]


async def insert(*rows: Table) -> None:
    """Inside a unit: write new rows of one table, whose values are plain: no nested tables, no enums, no JSON.

    They are sent with the unit's other new rows before its next other statement, at the latest when it ends: a key
    taken twice may be told only then. A row comes after those it refers to.
    """
    if rows:
        table = type(rows[0])
        await insert_values(table, *({name: getattr(row, name) for name in _names(table)} for row in rows))


async def insert_values(table: type[Table], *rows: Mapping[str, Any]) -> None:
    """The same of rows that are plain mappings with a value for every column, which cost a third of row objects."""
    engine: Any = table._meta.db
    await engine.put([NewRow(table, values) for values in rows])


def pieces(rows: Sequence[NewRow]) -> Iterator[Sequence[NewRow]]:
    """The rows in order, as many at a time as go into one statement."""
    return (rows[start : start + MOST_TOGETHER] for start in range(0, len(rows), MOST_TOGETHER))


def statements(rows: Iterable[NewRow], engine_type: str) -> list[Statement]:
    """One INSERT for each table, in the order in which the tables first come."""
    return [(_insertion(table, len(group), engine_type, 1), _values(table, group)) for table, group in _by_table(rows)]


def one_statement(rows: Iterable[NewRow]) -> Statement:
    """All rows of all tables in one statement, as PostgreSQL takes it."""
    groups = _by_table(rows)
    shape = tuple((table, len(group)) for table, group in groups)
    return _together(shape), [value for table, group in groups for value in _values(table, group)]


def _by_table(rows: Iterable[NewRow]) -> list[tuple[type[Table], list[Mapping[str, Any]]]]:
    groups: dict[type[Table], list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row.table, []).append(row.values)
    return list(groups.items())


def _values(table: type[Table], rows: Iterable[Mapping[str, Any]]) -> list[Any]:
    names = _names(table)
    return [row[name] for row in rows for name in names]


@cache
def _names(table: type[Table]) -> tuple[str, ...]:
    return tuple(column._meta.name for column in table._meta.columns)


@cache
def _together(shape: tuple[tuple[type[Table], int], ...]) -> str:
    inserts, first = [], 1
    for table, count in shape:
        inserts.append(_insertion(table, count, "postgres", first))
        first += len(_names(table)) * count
    *before, last = inserts
    parts = ", ".join(f"part_{number} AS ({insert})" for number, insert in enumerate(before))
    return f"WITH {parts} {last}" if before else last


@cache
def _insertion(table: type[Table], count: int, engine_type: str, first: int) -> str:
    columns = [column._meta.db_column_name for column in table._meta.columns]
    marks = iter(range(first, first + len(columns) * count))
    sign = "$" if engine_type == "postgres" else "?"
    values = ", ".join(f"({', '.join(f'{sign}{next(marks)}' for _ in columns)})" for _ in range(count))
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES {values}'  # noqa: S608 - names of our own tables
