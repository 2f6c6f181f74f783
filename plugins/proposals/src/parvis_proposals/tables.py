"""The tables of what operators grant to plugins, and of what plugins propose."""

from piccolo.columns import UUID, Boolean, Text, Timestamptz, Varchar
from piccolo.table import Table


class ScopeGrant(Table, tablename="proposals_grant"):
    """proposals: that what a subscription declares was granted or revoked in a town; the last row holds."""

    id = UUID(primary_key=True, default=None)
    jurisdiction = Varchar(length=60, default="")
    subscription = Varchar(length=120, default="")  # its whole name
    mark = Varchar(length=64, default="")  # of what was declared then
    granted = Boolean(default=False)
    by = Varchar(length=60, default="")
    by_name = Varchar(length=120, default="")
    at = Timestamptz(default=None)
    reason = Text(default="")


class PluginProposal(Table, tablename="proposals_proposal"):
    """proposals: what a plugin proposes for a request, because of another one, and what became of it."""

    id = UUID(primary_key=True, default=None)
    mark = Varchar(length=64, default="")  # the same proposal has the same
    jurisdiction = Varchar(length=60, default="")
    subscription = Varchar(length=120, default="")
    plugin = Varchar(length=60, default="")
    request = UUID(index=True, default=None)  # for which it is
    origin = UUID(index=True, default=None)  # because of which it was made
    proposal = Text(default="{}")  # as the sdk writes it
    state = Varchar(length=20, default="")  # waiting, accepted, declined
    proposed_at = Timestamptz(default=None)
    decided_by = Varchar(length=60, default="")
    decided_name = Varchar(length=120, default="")
    decided_at = Timestamptz(null=True, default=None)


TABLES = (ScopeGrant, PluginProposal)
