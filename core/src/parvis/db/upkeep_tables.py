"""Tables of lists to be destroyed, erasures proposed, readings of the clock, advisory locks, and addressees of mail."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class DestructionList(Table, tablename="destruction_list"):
    """requests: a signed list of what one retention rule destroys up to a moment, approved by a person."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, default="")
    type = Varchar(length=60, default="")
    days = Integer(default=0)  # how long the rule keeps
    outcome = Varchar(length=20, default="")  # anonymise, destroy
    since = Timestamptz(default=None)  # when the first of them fell due, and the last
    until = Timestamptz(default=None)
    lines = Integer(default=0)
    listing = Text(default="")  # signed, as it was approved
    mark = Varchar(length=64, default="", index=True)  # its signature
    approved_by = Varchar(length=60, default="")
    approved_name = Varchar(length=120, default="")
    approved_at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)
    destroyed = Integer(default=0)


class ErasureProposal(Table, tablename="erasure_proposal"):
    """requests: what is to be erased because a person asks for it: proposed by one of the town, decided by another."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)  # in which the person asks for it
    listed = Text(default="[]")  # the references that are to go
    around = Boolean(default=False)  # also what lies around the address
    email = Varchar(length=254, default="")  # that was verified
    proposed_by = Varchar(length=60, default="")
    proposed_name = Varchar(length=120, default="")
    proposed_at = Timestamptz(default=None)
    state = Varchar(length=20, default="")  # waiting, approved, refused
    decided_by = Varchar(length=60, default="")
    decided_name = Varchar(length=120, default="")
    decided_at = Timestamptz(null=True, default=None)


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


DESTRUCTION_TABLES: tuple[type[Table], ...] = (DestructionList, ErasureProposal, ClockReading)


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


ADDRESSEE_TABLES: tuple[type[Table], ...] = (Addressee,)
"""All of them, each after those it refers to."""
