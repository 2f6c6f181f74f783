"""The tables of the rules by which requests find their unit: each version that was in force, and what is written."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class RuleSet(Table, tablename="rule_set"):
    """requests: the rules of a town as one version of them says; never changed once it is written."""

    key = Varchar(length=80, primary_key=True)  # of the town and the number
    jurisdiction = Varchar(length=60, index=True)
    number = Integer()
    body = Text()
    word = Varchar(length=200, default="")  # why, in the words of who put it in force
    back_to = Integer(default=0)  # the version that this one brings back
    agent = Varchar(length=60, default="")
    by = Varchar(length=120, default="")
    at = Timestamptz(default=None)


class RuleDraft(Table, tablename="rule_draft"):
    """requests: the rules that the managers of a town are writing together, not in force yet."""

    jurisdiction = Varchar(length=60, primary_key=True)
    edition = Integer(default=1)  # goes up by one with every change
    body = Text()
    agent = Varchar(length=60, default="")
    by = Varchar(length=120, default="")
    changed_at = Timestamptz(default=None)


class RuleTurn(Table, tablename="rule_turn"):
    """requests: to whom a rule that names persons gave a request last; its row is what two at once wait for."""

    key = Varchar(length=120, primary_key=True)  # of the town and the rule
    last = UUID(null=True, default=None)


ROUTING_TABLES: tuple[type[Table], ...] = (RuleSet, RuleDraft, RuleTurn)
