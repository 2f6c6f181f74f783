"""Where the next page of a list begins: written into its address and read again."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from parvis import clock
from parvis.access_scope import Condition


class BadCursor(ValueError):
    """What was given as a cursor is none of ours."""


def cursor_of(rank: int, at: datetime | None, id: UUID) -> str:
    """The place of a row, to begin the next page after it."""
    return base64.urlsafe_b64encode(msgspec.json.encode([rank, at, id])).decode().rstrip("=")


def read_cursor(cursor: str, last_rank: int) -> tuple[int, datetime | None, UUID]:
    """The place that was given; `BadCursor` where it is none of ours."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        read = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=tuple[int, datetime | None, UUID])
    except (msgspec.MsgspecError, binascii.Error, ValueError) as error:
        raise BadCursor(cursor[:80]) from error
    rank, at, _ = read
    if rank not in range(last_rank + 1) or (at is not None and (at.tzinfo is None or at.year not in range(1900, 2200))):
        raise BadCursor(cursor[:80])
    return read


def before_latest(cursor: str) -> tuple[datetime, datetime, UUID]:
    """The values of `at < {} OR (at = {} AND id < {})` in a list with the latest first; all of it without a place."""
    at, id = clock.now() + timedelta(days=1), UUID(int=0)
    if cursor:
        _, before, id = read_cursor(cursor, 0)
        at = before or at
    return at, at, id


def page_of_latest(rows: Sequence[Mapping[str, Any]], most: int) -> tuple[Sequence[Mapping[str, Any]], str]:
    """The rows of one page out of one more than it holds, and where the next page begins."""
    return rows[:most], cursor_of(0, rows[most - 1]["at"], rows[most - 1]["id"]) if len(rows) > most else ""


def due_cursor(row: Mapping[str, Any], column: str) -> str:
    """The place of a row in a list by a date that may be missing."""
    return cursor_of(0, row[column], row["id"])


def after_due(alias: str, column: str, cursor: str) -> Condition:
    """What comes after that place: those due first at the top, what has no date last. All of it without a place."""
    if not cursor:
        return "", []
    due, (_, at, id) = f"{alias}.{column}", read_cursor(cursor, 0)
    if at is None:
        return f" AND {due} IS NULL AND {alias}.id > {{}}", [id]
    return f" AND ({due} IS NULL OR {due} > {{}} OR ({due} = {{}} AND {alias}.id > {{}}))", [at, at, id]


def by_due(alias: str, column: str) -> str:
    """The order of such a list."""
    return f"CASE WHEN {alias}.{column} IS NULL THEN 1 ELSE 0 END, {alias}.{column}, {alias}.id"
