"""What a town aims for: the share of its promises that it means to keep, drawn beside what it did."""

import msgspec

from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import TownFile

LEAST, MOST = 1, 100


class Targets(msgspec.Struct, frozen=True, kw_only=True):
    """`kept` is between 0 and 1; None where a town has set none, and none is drawn."""

    kept: float | None = None


def read_targets(table: Table) -> Targets:
    """`[dashboard]` with `promises_kept`, in percent."""
    kept = table.number("promises_kept", LEAST, MOST)
    table.close()
    return Targets(kept=kept / 100 if kept else None)


TARGETS = TownFile(name="[dashboard]", read=lambda table, around: read_targets(table), usual=Targets())
