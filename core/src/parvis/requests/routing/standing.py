"""The rules in force as a process remembers them between two looks."""

from datetime import datetime, timedelta

from msgspec import Struct

from parvis.requests.routing.rules import Rules

FRESH = timedelta(seconds=5)


class Standing(Struct, frozen=True, kw_only=True):
    """The rules in force and their version (0 is that of the town's files), as they were read at that moment."""

    version: int
    rules: Rules
    read_at: datetime
