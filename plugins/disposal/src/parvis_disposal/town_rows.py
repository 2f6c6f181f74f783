"""Which rows of each table are a town’s: what leaves with it, and why the rest does not."""

from collections.abc import Iterator
from uuid import UUID

from msgspec import Struct
from piccolo.table import Table

from parvis.db.every_table import TABLES, TownRows
from parvis.declared import declared
from parvis.modules import ModuleRegistry

HOST = "parvis"  # the owner of the tables of the core
NAMED = {
    "{requests}": "(SELECT id FROM service_request WHERE jurisdiction = {town})",
    "{references}": "(SELECT reference FROM service_request WHERE jurisdiction = {town})",
    "{agents}": '(SELECT agent FROM "grant" WHERE jurisdiction = {town} UNION '
    "SELECT agent FROM grant_change WHERE jurisdiction = {town})",
}
BY_COLUMN = {"jurisdiction": "{town}", "request": "{requests}", "agent": "{agents}"}
NUMBERS = (
    "plugin LIKE 'numbers:%' AND (value IN (SELECT '[\"' || reference || '\"]' FROM service_request WHERE "
    "jurisdiction = {town}) OR (length(value) > 20 AND EXISTS (SELECT 1 FROM service_request r WHERE "
    "r.jurisdiction = {town} AND value LIKE '%\"' || r.reference || '\"%')))"
)  # what other systems call requests: of a number that several share, one row
SWITCHES = (
    "jurisdiction = {town} OR (jurisdiction = '*' AND module NOT IN "
    "(SELECT module FROM module_switch WHERE jurisdiction = {town}))"
)
NOT_SAID = "its module does not say which of its rows are a town’s"
OF_THE_CORE = (
    TownRows(
        table="declaration",
        condition="digest IN (SELECT declaration FROM service_request WHERE jurisdiction = {town})",
        shared=True,
    ),
    TownRows(
        table="attachment",
        condition="request IN {requests} OR (request IS NULL AND holder IN "
        "(SELECT token_digest FROM draft WHERE jurisdiction = {town}))",
    ),
    TownRows(
        table="draft_key",
        condition="draft IN (SELECT token_digest FROM draft WHERE jurisdiction = {town})",
        shared=True,
    ),
    TownRows(table="once", condition="reference IN {references}"),
    TownRows(table="memory", condition=f"request IN {{references}} OR ({NUMBERS})"),
    TownRows(table="letter", condition="reference IN {references}"),
    TownRows(table="agent", condition="id IN {agents}", shared=True),
    TownRows(table="ended_device", condition="1 = 1", shared=True),  # marks without a town: they must open nothing more
    TownRows(table="tie", condition="one IN {requests}"),
    TownRows(table="module_switch", condition=SWITCHES),
    TownRows(table="session", why="whoever works for the town signs in anew"),
    TownRows(table="one_time_link", why="such links open once, and last minutes or days: new ones are sent on demand"),
    TownRows(table="attempt", why="counted tries are forgotten within minutes"),
    TownRows(table="recovery_code", why="two-step verification is set up anew"),
    TownRows(table="door_entry", why="the sign-in log is of an installation"),
    TownRows(table="circuit", why="how connectors do is of an installation"),
    TownRows(table="chore", why="chores run elsewhere from the beginning"),
    TownRows(table="plugin_claim", why="which plugins are installed is of an installation"),
    TownRows(table="clock_reading", why="clocks are of an installation"),
    TownRows(table="writing", why="who is writing at this moment is over within minutes"),
    TownRows(table="rule_turn", why="turns begin anew"),
    TownRows(table="addressee", why="limits of mail are counted anew"),
    TownRows(table="known_town", why="a town is noted where it is served"),
    TownRows(table="module_plan", why="modules say it where they are installed"),
)


class TownTable(Struct, frozen=True, kw_only=True):
    """A table of which rows leave with a town; `condition` is SQL with {town} alone."""

    table: type[Table]
    owner: str
    condition: str
    is_shared: bool

    @property
    def name(self) -> str:
        return self.table._meta.tablename

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column._meta.db_column_name for column in self.table._meta.columns)


class StayingTable(Struct, frozen=True, kw_only=True):
    """A table of which nothing leaves."""

    name: str
    owner: str
    why: str


def sorted_tables(modules: ModuleRegistry) -> tuple[tuple[TownTable, ...], tuple[StayingTable, ...]]:
    """Every table of the host and of its modules, each after those it refers to: what leaves, and what stays."""
    said = _said(modules)
    leaving, staying = [], []
    for owner, table in _owned(modules):
        name = table._meta.tablename
        rules = said.get(name, [])
        conditions = [each.condition for each in rules if each.condition]
        if not rules and (found := _by_column(table)):
            conditions = [found]
        if not conditions:
            why = next((each.why for each in rules), NOT_SAID)
            staying.append(StayingTable(name=name, owner=owner, why=why))
            continue
        condition = " OR ".join(f"({each})" for each in conditions)
        for word, meant in NAMED.items():
            condition = condition.replace(word, meant)
        is_shared = any(each.shared for each in rules)
        leaving.append(TownTable(table=table, owner=owner, condition=condition, is_shared=is_shared))
    return tuple(leaving), tuple(staying)


def _owned(modules: ModuleRegistry) -> Iterator[tuple[str, type[Table]]]:
    yield from ((HOST, each) for each in TABLES)
    named = {name: each.name for each in modules.modules for name in each.table_names}
    yield from ((named[each._meta.tablename], each) for each in modules.tables())


def _said(modules: ModuleRegistry) -> dict[str, list[TownRows]]:
    places = [each.module.tables for each in modules.modules if each.module.tables]
    said: dict[str, list[TownRows]] = {}
    for each in (*OF_THE_CORE, *declared(TownRows, *places)):
        said.setdefault(each.table, []).append(each)
    return said


def _by_column(table: type[Table]) -> str:
    columns = {column._meta.db_column_name: column for column in table._meta.columns}
    for name, meant in BY_COLUMN.items():
        if name in columns and (name == "jurisdiction" or columns[name].value_type is UUID):
            return f"{name} {'=' if name == 'jurisdiction' else 'IN'} {meant}"
    return ""
