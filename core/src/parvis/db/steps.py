"""Tables as migrations write them: columns with what differs from a plain one, and how a table is taken over."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import Struct
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.columns import Column
from piccolo.columns.indexes import IndexMethod

from parvis import clock
from parvis.db.errors import DatabaseTooOld
from parvis.db.statements import columns_there
from parvis.identifiers import new_id

PLAIN: dict[str, Any] = {
    "null": False,
    "primary_key": False,
    "unique": False,
    "index": False,
    "index_method": IndexMethod.btree,
    "choices": None,
    "db_column_name": None,
    "secret": False,
}
KEPT_ON = """
INSERT INTO module_switch (id, number, jurisdiction, module, state, "by", why, at) VALUES
({}, (SELECT COALESCE(MAX(number), 0) + 1 FROM module_switch), '*', {}, 'on', 'migration',
'part of the core until then', {})"""
BEFORE_MODULES = "2026-11-25T13:08:08:126018"  # the first of the steps that were taken before there were any
USED = "SELECT id FROM service_request LIMIT 1"
Columns = Mapping[str, tuple[type[Column], dict[str, Any]]]


def add_table(manager: MigrationManager, class_name: str, tablename: str, columns: Columns) -> None:
    """Make a table with these columns."""
    manager.add_table(class_name=class_name, tablename=tablename, schema=None, columns=None)
    add_columns(manager, class_name, tablename, columns)


def add_columns(manager: MigrationManager, class_name: str, tablename: str, columns: Columns) -> None:
    """Give a table these columns."""
    for name, (kind, params) in columns.items():
        manager.add_column(
            table_class_name=class_name,
            tablename=tablename,
            column_name=name,
            db_column_name=name,
            column_class_name=kind.__name__,
            column_class=kind,
            params=PLAIN | params,
            schema=None,
        )


class NewTable(Struct, frozen=True, kw_only=True):
    """A table as it is first made: its columns, and the indexes over several of them."""

    name: str
    class_name: str
    columns: Columns
    indexes: tuple[str, ...] = ()


@dataclass
class FirstStep(MigrationManager):
    """Makes tables with their indexes, and then what else goes with them.

    A table that stands already, with these columns, is taken over as it is: it was made by the chain of another owner.
    """

    new: tuple[NewTable, ...] = ()
    afterwards: tuple[Callable[[], Awaitable[None]], ...] = ()

    async def run(self, backwards: bool = False) -> None:
        stands = {each.class_name for each in self.new if await _stands(each, self.app_name)}
        self.add_tables = [each for each in self.add_tables if each.class_name not in stands]
        columns = self.add_columns.add_columns
        self.add_columns.add_columns = [each for each in columns if each.table_class_name not in stands]
        await super().run(backwards=backwards)
        for statement in (index for each in self.new if each.class_name not in stands for index in each.indexes):
            await Migration.raw(statement)
        for more in self.afterwards:
            await more()


def first_step(
    app: str, id: str, description: str, new: Iterable[NewTable], *afterwards: Callable[[], Awaitable[None]]
) -> FirstStep:
    """The step with which the chain of the core, or of a module, begins; `afterwards` comes when the tables stand."""
    tables = tuple(new)
    step = FirstStep(migration_id=id, app_name=app, description=description, new=tables, afterwards=afterwards)
    for each in tables:
        add_table(step, each.class_name, each.name, each.columns)
    return step


async def keep_on(module: str, table: str = "") -> None:
    """Where the core had this table until now, the module that it becomes is on: no town loses what it used.

    Without a table that tells so, wherever there were requests, or any step from before modules.
    """
    if await columns_there(table) if table else await _is_in_use():
        await Migration.raw(KEPT_ON, new_id(), module, clock.now())


async def _is_in_use() -> bool:
    return BEFORE_MODULES in await Migration.get_migrations_which_ran("parvis") or bool(await Migration.raw(USED))


async def _stands(new: NewTable, app: str) -> bool:
    there = await columns_there(new.name)
    if there and (differing := there ^ new.columns.keys()):
        names = ", ".join(sorted(differing))
        raise DatabaseTooOld(
            f"the table {new.name} is there, but not as {app} has it (not in both: {names}); "
            "run `parvis migrate` with the last version in which it was part of Parvis, then with this one"
        )
    return bool(there)
