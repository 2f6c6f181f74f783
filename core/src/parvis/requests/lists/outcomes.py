"""How requests turned out, as lists are narrowed by it: promise kept, answered, taken up again, settled."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

NOT_UNDONE = "COALESCE(undone, 0) = 0"  # nor broken by a reopening
NOWHERE = "aucune"  # the zone of requests outside of every zone, or without a place


class Outcome(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is looked for; empty parts do not narrow."""

    promise: Literal["", "met", "missed", "undone"] = ""
    answered: bool | None = None
    settled: Literal["", "yes", "no"] = ""
    reopened_since: datetime | None = None
    reopened_until: datetime | None = None
    settled_since: datetime | None = None
    settled_until: datetime | None = None
    again: bool = False  # more than once

    def conditions(self) -> list[tuple[str, list[Any]]]:
        """Parts of a WHERE with their values."""
        given: tuple[tuple[str, Any], ...] = (
            (f"promise = {{}} AND {NOT_UNDONE}", self.promise if self.promise != "undone" else None),
            ("settled_at >= {}", self.settled_since),
            ("settled_at < {}", self.settled_until),
            ("settled = {}", self.settled or None),
            ("reopened_at >= {}", self.reopened_since),
            ("reopened_at < {}", self.reopened_until),
        )
        found: list[tuple[str, list[Any]]] = [(sql, [value]) for sql, value in given if value not in (None, "")]
        if self.promise == "undone":
            found.append(("undone > 0", []))
        if self.answered is not None:
            found.append((f"answered_in IS {'NOT ' if self.answered else ''}NULL", []))
        if self.again:
            found.append(("reopened > 1", []))
        return found
