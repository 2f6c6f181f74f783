"""The tables of the rules by which requests find their unit: each version that was in force, and what is written."""

from piccolo.table import Table

from parvis_rulesets.tables import DraftTable, VersionTable


class RuleSet(VersionTable, tablename="rule_set"):
    """routing: the rules of a town as one version of them says; never changed once it is written."""


class RuleDraft(DraftTable, tablename="rule_draft"):
    """routing: the rules that the managers of a town are writing together, not in force yet."""


TABLES: tuple[type[Table], ...] = (RuleSet, RuleDraft)
