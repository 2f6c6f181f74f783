"""The tables of what was granted: until when it holds, what it requires, and to whom it is offered."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Validity(Table, tablename="validity"):
    """grants: until when something granted holds, one row for each validity that the type declares."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    code = Varchar(length=60)
    state = Varchar(length=20)  # valid, suspended, revoked, ended, expired
    since = Timestamptz(default=None)
    until = Timestamptz(null=True, default=None, index=True)
    changed_at = Timestamptz(default=None)
    renewable_from = Timestamptz(null=True, default=None)
    renewable_until = Timestamptz(null=True, default=None)
    renewing_since = Timestamptz(null=True, default=None)
    renewals = Integer(default=0)
    suspended_until = Timestamptz(null=True, default=None)
    woken_at = Timestamptz(null=True, default=None)  # as far as what time brings was seen to
    wake_at = Timestamptz(null=True, default=None, index=True)  # when to look again


class Obligation(Table, tablename="obligation"):
    """grants: something that a decision requires of its holder, one row for each; it outlives every state."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    code = Varchar(length=60)  # of the declared obligation
    demand = Text()  # what is demanded, in each language
    proof = Varchar(length=60, default="")  # which of the declared proofs; none where the town sees for itself
    state = Varchar(length=20)  # open, due, overdue, proved, met, waived
    imposed_at = Timestamptz(default=None)
    due_at = Timestamptz(null=True, default=None, index=True)  # the midnight after its last day, or its proof's
    sent = Integer(default=0)  # the entry that holds the last proof sent
    woken_at = Timestamptz(null=True, default=None)
    wake_at = Timestamptz(null=True, default=None, index=True)
    changed_at = Timestamptz(default=None)


class Handover(Table, tablename="handover"):
    """grants: a file offered to a new holder, who accepts by a private link; its key is derived from its id."""

    id = UUID(primary_key=True, default=None)
    request = UUID(index=True, default=None)
    code = Varchar(length=60)  # of the validity that passes to them
    state = Varchar(length=20)  # asked, accepted, declined, cancelled
    name = Varchar(length=120, default="")
    email = Varchar(length=254, default="", index=True)
    language = Varchar(length=5)
    words = Text(default="")  # what the holder says to the new one
    asked_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, index=True)
    changed_at = Timestamptz(default=None)


TABLES = (Validity, Obligation, Handover)
