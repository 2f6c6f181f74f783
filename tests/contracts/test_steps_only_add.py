"""Each step of the database leaves all that the version before needs, or says why not: both serve side by side."""

import textwrap

import pytest
from msgspec import Struct
from piccolo.apps.migrations.tables import Migration

from parvis.db import migrating
from parvis.db.binding import bind, open_engine
from parvis.modules import NO_MODULES
from parvis.plugins.module_discovery import find_modules

COLUMNS = """
SELECT m.name AS "table", c.name, c.type, c."notnull" AS needed, c.dflt_value AS given
FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"""
UNIQUE = """
SELECT m.name AS "table", i.name, c.name AS of FROM sqlite_master m JOIN pragma_index_list(m.name) i
JOIN pragma_index_info(i.name) c WHERE m.type = 'table' AND i."unique" """


class Shape(Struct, frozen=True):
    """What a version relies on: columns by table and name, and which columns together are unique."""

    columns: dict[tuple[str, str], tuple[str, bool, bool]]  # type, whether a value is needed, whether one is given
    unique: dict[tuple[str, str], frozenset[str]]

    @property
    def tables(self) -> frozenset[str]:
        return frozenset(table for table, _ in self.columns)

    @property
    def together(self) -> frozenset[tuple[str, frozenset[str]]]:
        return frozenset((table, of) for (table, _), of in self.unique.items())


async def shape() -> Shape:
    unique: dict[tuple[str, str], frozenset[str]] = {}
    for row in await Migration.raw(UNIQUE):
        key = row["table"], row["name"]
        unique[key] = unique.get(key, frozenset()) | {row["of"] or ""}
    rows = await Migration.raw(COLUMNS)
    columns = {
        (row["table"], row["name"]): (row["type"], bool(row["needed"]), row["given"] is not None) for row in rows
    }
    return Shape(columns, unique)


def broken(before: Shape, after: Shape) -> list[str]:
    """What the version before misses, or could no longer write, each in a line."""
    lines = [f"the table {table} is gone" for table in sorted(before.tables - after.tables)]
    for (table, name), (kind, needed, given) in before.columns.items():
        if table in after.tables and (now := after.columns.get((table, name))) is None:
            lines.append(f"the column {table}.{name} is gone")
        elif table in after.tables and now is not None:
            lines += [f"the column {table}.{name} was {kind}, and is {now[0]}"] if now[0] != kind else []
            lines += [f"the column {table}.{name} needs a value"] if now[1] and not needed else []
            lines += [f"the column {table}.{name} is given no value"] if given and not now[2] else []
    for table, name in after.columns.keys() - before.columns.keys():
        _, needed, given = after.columns[table, name]
        if table in before.tables and needed and not given:
            lines.append(f"the new column {table}.{name} needs a value")
    had, has = before.together, after.together  # by columns: an index may be made anew under its old name
    for table, of in has - had:
        if table in before.tables and all((table, each) in before.columns for each in of):
            lines.append(f"{table} may have no two with the same {', '.join(sorted(of))}")
    for table, of in had - has:  # the version before says ON CONFLICT with these
        if table in after.tables:
            lines.append(f"{table} may have two with the same {', '.join(sorted(of))}")
    return lines


@pytest.fixture
async def found(tmp_path, monkeypatch):
    """`found(engine, ...)` migrates as always: what each step broke that does not say so, and those that say so."""
    breaks, stops = {}, {}
    take = migrating._take

    async def watched(engine, app, module):
        before = await shape()
        taken = await take(engine, app, module)
        lines = broken(before, await shape())
        if migrating._stops(module):
            stops[str(module.ID)] = lines
        elif lines:
            breaks[f"{app} {module.ID}"] = lines
        return taken

    monkeypatch.setattr(migrating, "_take", watched)

    async def look(modules, **named):
        engine = open_engine(f"sqlite:///{tmp_path}/town.sqlite")
        bind(engine, modules=modules)
        try:
            await migrating.migrate(engine, modules, **named)
        finally:
            await engine.close()
        return breaks, stops

    return look


async def test_every_step_of_the_core_and_of_each_module_only_adds_or_says_why_it_does_not(found):
    breaks, stops = await found(find_modules())
    assert breaks == {}, (
        "the version before still serves while these are taken: expand now, take away in a later version; "
        "or say in STOP_FIRST why nobody may serve meanwhile"
    )
    assert "2026-12-01T01:00:00:000000" in stops


async def test_what_a_step_takes_away_or_demands_is_named(found, tmp_path, monkeypatch):
    steps = tmp_path / "mistaken_steps"
    steps.mkdir()
    (steps / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    made = (
        "CREATE TABLE boat (name TEXT NOT NULL DEFAULT '', oars INTEGER)", "CREATE TABLE oar (name TEXT)",
        "CREATE TABLE buoy (name TEXT, at TEXT)", "CREATE UNIQUE INDEX one_buoy ON buoy (name)",
    )  # fmt: skip
    wrong = (
        "DROP TABLE oar", "ALTER TABLE boat DROP COLUMN oars", "ALTER TABLE boat RENAME TO old_boat",
        "CREATE TABLE boat (name INTEGER NOT NULL, keel TEXT NOT NULL, sail TEXT)",
        "DROP INDEX one_buoy", "CREATE UNIQUE INDEX one_buoy ON buoy (name, at)",
        "CREATE UNIQUE INDEX one_name ON boat (name)", "CREATE UNIQUE INDEX one_sail ON boat (sail)",
    )  # fmt: skip
    for number, statements in enumerate((made, wrong), 1):
        (steps / f"step_{number}.py").write_text(STEP.format(number=number, statements=statements))
    breaks, _ = await found(NO_MODULES, steps="mistaken_steps")
    assert {name: sorted(lines) for name, lines in breaks.items()} == {
        "parvis 2": [
            "boat may have no two with the same name",
            "buoy may have no two with the same at, name",
            "buoy may have two with the same name",
            "the column boat.name is given no value",
            "the column boat.name was TEXT, and is INTEGER",
            "the column boat.oars is gone",
            "the new column boat.keel needs a value",
            "the table oar is gone",
        ]
    }


STEP = textwrap.dedent(
    """
    from piccolo.apps.migrations.auto.migration_manager import MigrationManager
    from piccolo.apps.migrations.tables import Migration

    ID = "{number}"

    async def forwards():
        manager = MigrationManager(migration_id=ID, app_name="parvis", description="")

        async def run():
            for statement in {statements!r}:
                await Migration.raw(statement)

        manager.add_raw(run)
        return manager
    """
)
