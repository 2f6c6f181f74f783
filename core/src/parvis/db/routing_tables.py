"""The tables of the rules by which requests find their unit: each version that was in force, and what is written."""

from piccolo.columns import UUID, Varchar
from piccolo.table import Table

from parvis.db.procedure_tables import DraftTable, VersionTable


class RuleSet(VersionTable, tablename="rule_set"):
    """requests: the rules of a town as one version of them says; never changed once it is written."""


class RuleDraft(DraftTable, tablename="rule_draft"):
    """requests: the rules that the managers of a town are writing together, not in force yet."""


class RuleTurn(Table, tablename="rule_turn"):
    """db: to whom a rule that names persons gave a request last; its row is what two at once wait for."""

    key = Varchar(length=120, primary_key=True)  # of the town and the rule
    last = UUID(null=True, default=None)


ROUTING_TABLES: tuple[type[Table], ...] = (RuleSet, RuleDraft, RuleTurn)
