"""The tables of the service levels of a town: each version that was in force, and what is written."""

from piccolo.table import Table

from parvis.db.procedure_tables import DraftTable, VersionTable


class LevelSet(VersionTable, tablename="level_set"):
    """service levels: those of a town as one version of them says; never changed once it is written."""


class LevelDraft(DraftTable, tablename="level_draft"):
    """service levels: those that the managers of a town are writing together, not in force yet."""


TABLES: tuple[type[Table], ...] = (LevelSet, LevelDraft)
