"""The rule set in force as a process remembers it until it reads it again."""

from datetime import datetime, timedelta
from typing import Generic, TypeVar

from msgspec import Struct

FRESH = timedelta(seconds=5)
Body = TypeVar("Body", covariant=True)


class RulesetInForce(Struct, Generic[Body], frozen=True, kw_only=True):
    """What is in force and its version (0 is that of the town's files), as they were read at that moment."""

    version: int
    body: Body
    read_at: datetime
