"""Tables of readings of the clock, advisory locks, addressees of mail, and of a restore under way."""

from piccolo.columns import UUID, Boolean, Integer, Timestamptz, Varchar
from piccolo.table import Table


class ClockReading(Table, tablename="clock_reading"):
    """outbox: what the clock of one process said last, and, under the name of nobody, what was trusted last.

    `doubt` is why the process does not trust its own clock, `trusted_at` what was trusted when it spoke; of nobody,
    `apart` are the seconds between the clocks of host and database that a person has accepted.
    """

    process = Varchar(length=80, primary_key=True)
    said_at = Timestamptz(default=None)
    doubt = Varchar(length=20, default="")
    apart = Integer(default=0)
    confirmed_by = Varchar(length=120, default="")
    confirmed_at = Timestamptz(null=True, default=None)
    trusted_at = Timestamptz(null=True, default=None)


CLOCK_TABLES: tuple[type[Table], ...] = (ClockReading,)


class RuleTurn(Table, tablename="rule_turn"):
    """db: whose turn it was last, such as who was given a request by a rule; its row is what two at once wait for."""

    key = Varchar(length=120, primary_key=True)  # of what is shared, such as the town and the rule
    last = UUID(null=True, default=None)


TURN_TABLES: tuple[type[Table], ...] = (RuleTurn,)


class Addressee(Table):
    """outbox: what is known of an address by a digest alone: that its person opened a link of ours, and how many
    messages that anybody may cause went there within a day."""

    key = Varchar(length=100, primary_key=True)  # of what it says, and of the address
    messages = Integer(default=0)
    until = Timestamptz(default=None, index=True)


class Restoration(Table, tablename="restoration"):
    """db: there only while a database is being restored from a backup, and not to be served; no step makes it."""

    backup = Varchar(length=120, primary_key=True)


class KnownTown(Table, tablename="known_town"):
    """requests: a town that was ever served here, so that it is missed when its folder is gone; by which hosts, and
    whether at those that nobody claims. One that has left for good is not missed: when that was said, and why."""

    code = Varchar(length=60, primary_key=True)
    name = Varchar(length=200, default="")
    hosts = Varchar(length=2000, default="")
    is_default = Boolean(default=False)
    noted_at = Timestamptz(default=None)
    left_at = Timestamptz(null=True, default=None)
    why = Varchar(length=500, default="")


ADDRESSEE_TABLES: tuple[type[Table], ...] = (Addressee, KnownTown)
"""All of them, each after those it refers to."""
