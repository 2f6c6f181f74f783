"""Whether what a town keeps for its time is destroyed without anybody's approval when that time is over."""

import msgspec

from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import TownFile


class Destruction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person of the town approves each list, unless destruction runs alone."""

    runs_alone: bool = False


def read_destruction(table: Table) -> Destruction:
    """`[destruction]` with `runs_alone`."""
    alone = table.yes("runs_alone", Destruction().runs_alone)
    table.close()
    return Destruction(runs_alone=alone)


DESTRUCTION = TownFile(name="[destruction]", read=lambda table, around: read_destruction(table), usual=Destruction())
TOWN_FILES = (DESTRUCTION,)
