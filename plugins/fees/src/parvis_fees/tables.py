"""Tables of what requests cost and of the money that moves for them; private as all tables are."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Charge(Table):
    """fees: what a fee of a request came to, with the calculation and the tariff that it was made by."""

    id = UUID(primary_key=True, default=None)
    request = UUID(default=None, index=True)
    jurisdiction = Varchar(length=60)
    fee = Varchar(length=60)
    number = Integer()  # of the request's charges, counted from 1
    state = Varchar(length=20)  # due, pending, paid, failed, waived, refunded, replaced
    amount = BigInt()
    currency = Varchar(length=3, default="CAD")
    calculation = Text()
    tariff = Text()
    reason = Text(default="")  # of a waiver
    refund_due = BigInt(default=0)
    refunded = BigInt(default=0)
    made_at = Timestamptz(default=None)
    changed_at = Timestamptz(default=None)
    settled_at = Timestamptz(null=True, default=None)


class Payment(Table):
    """fees: money that moves for a charge, to the town or back; its id is our key at an online provider."""

    id = UUID(primary_key=True, default=None)
    charge = UUID(default=None, index=True)
    request = UUID(default=None, index=True)
    jurisdiction = Varchar(length=60)
    kind = Varchar(length=10)  # payment, refund
    of = UUID(null=True, default=None)  # the payment that a refund gives back
    way = Varchar(length=20)  # cash, cheque, terminal, online
    provider = Varchar(length=60, default="")
    external_id = Varchar(length=120, default="")
    state = Varchar(length=20)  # begun, open, paid, failed, wrong, sent
    amount = BigInt()
    currency = Varchar(length=3, default="CAD")
    refunded = BigInt(default=0)
    surplus = Boolean(default=False)  # it came when nothing was owed any more
    receipt = Varchar(length=20, default="")
    note = Varchar(length=120, default="")  # the number of a cheque or of a terminal's slip
    by = Varchar(length=60, default="")  # who took it at the desk
    by_name = Varchar(length=120, default="")
    url = Text(default="")  # empty since the provider is asked each time; columns are only ever added
    trouble = Text(default="")
    made_at = Timestamptz(default=None, index=True)
    changed_at = Timestamptz(default=None)
    settled_at = Timestamptz(null=True, default=None)
    look_at = Timestamptz(null=True, default=None, index=True)  # when the provider is asked how it stands


TABLES = (Charge, Payment)
