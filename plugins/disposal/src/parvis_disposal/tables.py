"""The tables of lists to be destroyed, and of erasures proposed."""

from piccolo.columns import UUID, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class DestructionList(Table, tablename="destruction_list"):
    """disposal: a signed list of what one retention rule destroys up to a moment, approved by a person."""

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
    """disposal: what is to be erased because a person asks for it: proposed by one of the town, decided by another."""

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


TABLES = (DestructionList, ErasureProposal)
