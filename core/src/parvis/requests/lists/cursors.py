"""Where the next page of a list begins: written into its address and read again."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

import msgspec


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
