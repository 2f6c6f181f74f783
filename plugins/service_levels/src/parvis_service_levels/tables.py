"""The tables of the service levels of a town: each version that was in force, what is written, who is to be told."""

from piccolo.columns import UUID, Integer, Timestamptz, Varchar
from piccolo.table import Table

from parvis_rulesets.tables import DraftTable, VersionTable


class LevelSet(VersionTable, tablename="level_set"):
    """service levels: those of a town as one version of them says; never changed once it is written."""


class LevelDraft(DraftTable, tablename="level_draft"):
    """service levels: those that the managers of a town are writing together, not in force yet."""


class Alarm(Table):
    """service levels: that somebody of the town is to be told of a promise, once for each step; of no resident."""

    id = UUID(primary_key=True, default=None)
    key = Varchar(length=64, unique=True)  # digest of the clock, its step, its date and whom it is for
    request = UUID(index=True, default=None)
    agent = UUID(index=True, default=None)
    code = Varchar(length=60)  # of the clock
    step = Integer()  # 1 warned, 2 and more escalated
    due_at = Timestamptz(default=None)
    at = Timestamptz(default=None)
    told_at = Timestamptz(null=True, default=None)


TABLES: tuple[type[Table], ...] = (LevelSet, LevelDraft, Alarm)
