"""Writing new rows: the statement is made once for each table and number of rows, where Piccolo makes it every time."""

from functools import cache
from typing import Any

from piccolo.table import Table


async def insert(*rows: Table) -> None:
    """Inside a unit: write new rows of one table, whose values are plain: no nested tables, no enums, no JSON."""
    if not rows:
        return
    table = type(rows[0])
    engine: Any = table._meta.db
    names = _names(table)
    values = [getattr(row, name) for row in rows for name in names]
    await engine.send(_statement(table, len(rows), engine.engine_type), values)


@cache
def _names(table: type[Table]) -> tuple[str, ...]:
    return tuple(column._meta.name for column in table._meta.columns)


@cache
def _statement(table: type[Table], count: int, engine_type: str) -> str:
    columns = [column._meta.db_column_name for column in table._meta.columns]
    marks = iter(range(1, len(columns) * count + 1))
    sign = "$" if engine_type == "postgres" else "?"
    values = ", ".join(f"({', '.join(f'{sign}{next(marks)}' for _ in columns)})" for _ in range(count))
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table._meta.tablename}" ({names}) VALUES {values}'  # noqa: S608 - names of our own tables
