"""Primary keys: UUIDv7 (RFC 9562), ordered by the clock and, within one process, by the order of asking.

Layout: 48 bits of milliseconds, 12 bits of the fraction, 20 bits of a running count, 42 random bits.
"""

import itertools
import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

from parvis import clock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_count = itertools.count()


def made_at(id: UUID) -> datetime:
    """When an identifier of ours was made, to the millisecond."""
    return EPOCH + timedelta(milliseconds=id.int >> 80)


def new_id() -> UUID:
    """An identifier that sorts after all that this process made before at the same clock."""
    since = max(clock.now() - EPOCH, timedelta())  # what comes from a past before it is of its first moment
    milliseconds, microseconds = divmod(since // MICROSECOND, 1000)
    fraction = microseconds * 4096 // 1000
    ordinal = next(_count) & 0xFFFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | ordinal << 42 | secrets.randbits(42))
