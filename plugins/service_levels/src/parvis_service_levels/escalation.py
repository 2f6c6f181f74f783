"""When a town's own people are told that a promise is about to be broken, and whom a broken one is taken to."""

import msgspec

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.reading import Table
from parvis.jurisdictions.town_files import Surroundings, TownFile
from parvis.requests.levels import Levels, of_files

MOST_STEPS = 5


class Escalation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When people are told of a promise: the person responsible, so many opening hours before it breaks (0: never).

    `after` are days of work since the breach: at the first the manager of its unit is told, at each further one the
    manager one unit higher.
    """

    warn_hours: int = 8
    after: tuple[int, ...] = (0, 3)


class WatchedLevels(Levels, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What is promised, and who is told when it is about to be broken, or was: put in force together."""

    escalation: Escalation = Escalation()


def read_escalation(table: Table, around: Surroundings) -> Escalation:
    """`[escalation]` with `warn_hours` and `after_days`."""
    hours = table.number("warn_hours", 0, 400)
    given = table.take("after_days", list, "a list of numbers like [0, 3]")
    table.close()
    usual = Escalation()
    days = usual.after if given is None else tuple(given)
    rising = all(isinstance(day, int) and not isinstance(day, bool) and 0 <= day <= 400 for day in days)
    if not rising or list(days) != sorted(set(days)) or len(days) > MOST_STEPS:
        table.wrong("after_days", f"is {list(days)!r:.60}", f"write at most {MOST_STEPS} rising days such as [0, 3]")
        days = usual.after
    return Escalation(warn_hours=usual.warn_hours if hours is None else hours, after=days)


def levels_of_files(town: Jurisdiction) -> WatchedLevels:
    """What the town's `jurisdiction.toml` says."""
    return WatchedLevels(rules=of_files(town).rules, escalation=ESCALATION.of(town))


ESCALATION: TownFile[Escalation] = TownFile(name="[escalation]", read=read_escalation, usual=Escalation())
TOWN_FILES = (ESCALATION,)
