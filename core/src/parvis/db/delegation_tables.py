"""The table of who takes over from whom."""

from piccolo.columns import UUID, Boolean, Timestamptz
from piccolo.table import Table


class Delegation(Table, tablename="delegation"):
    """delegations: for some time, what would be an agent’s goes to `deputy`, or to nobody; it is told by its writer."""

    id = UUID(primary_key=True, default=None)  # of what it comes from, where that is a row too
    agent = UUID(index=True, default=None)
    deputy = UUID(null=True, default=None)
    starts_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None, index=True)
    lends = Boolean(default=False)  # whether the deputy has their roles as well


DELEGATION_TABLES: tuple[type[Table], ...] = (Delegation,)
