"""The table of turns that are taken one after the other."""

from piccolo.columns import UUID, Varchar
from piccolo.table import Table


class RuleTurn(Table, tablename="rule_turn"):
    """db: whose turn it was last, such as who was given a request by a rule; its row is what two at once wait for."""

    key = Varchar(length=120, primary_key=True)  # of what is shared, such as the town and the rule
    last = UUID(null=True, default=None)


TURN_TABLES: tuple[type[Table], ...] = (RuleTurn,)
