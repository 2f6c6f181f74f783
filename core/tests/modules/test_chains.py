"""Each module has a chain of migrations of its own beside the core's, on both engines."""

import pytest
from msgspec import structs
from piccolo.apps.migrations.tables import Migration

from parvis.db import DatabaseTooNew, DatabaseTooOld, transaction
from parvis.db.binding import bind, open_engine
from parvis.db.migrating import Chain, check_version, left_behind, migrate, version
from parvis.deployment import open_deployment
from parvis.example_towns import town_folder
from parvis.identifiers import new_id
from parvis.modules import NO_MODULES, InstalledModule, part, registry_of
from parvis.settings import Settings

from .conftest import FIRST, step

pytestmark = pytest.mark.both_engines

SECOND, THIRD = "2026-11-29T21:00:00:000000", "2026-11-30T10:00:00:000000"
CHAIN = Chain(app="parvis_tide", steps="parvis_tide.migrations")


@pytest.fixture
async def engine(own_url):
    engine = open_engine(own_url)
    bind(engine)
    yield engine
    await engine.close()


async def test_a_module_brings_tables_into_a_database_that_is_there(engine, tide):
    registry = registry_of([tide])
    bind(engine, modules=registry)
    assert await migrate(engine, registry) == (FIRST,)
    assert await migrate(engine, registry) == ()
    await check_version(engine, registry)
    [table] = registry.tables()
    async with transaction(engine):
        await table.insert(table(id=new_id(), jurisdiction="riviere", height="3 m"))
    assert [row["height"] for row in await table.select()] == ["3 m"]
    assert (await version(engine)).missing == ()
    assert await Migration.get_migrations_which_ran("parvis_tide") == [FIRST]


async def test_without_the_module_its_tables_stay_and_are_told_of(engine, tide):
    registry = registry_of([tide])
    bind(engine, modules=registry)
    await migrate(engine, registry)
    assert await left_behind(registry) == ()
    await check_version(engine, NO_MODULES)
    assert await migrate(engine, NO_MODULES) == ()
    assert await left_behind(NO_MODULES) == ("tide",)
    [table] = registry.tables()
    assert await table.select() == []


async def test_a_module_whose_steps_were_not_taken_is_told_of(engine, tide):
    registry = registry_of([tide])
    await engine.start()
    with pytest.raises(DatabaseTooOld, match=f"the database lacks {FIRST} of parvis_tide; run `parvis migrate`"):
        await check_version(engine, registry)


BREAKING = '''
"""Breaks midway."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

ID, VERSION, DESCRIPTION = "2026-11-30T20:00:00:000000", "1", "breaks"


async def forwards():
    from parvis_tide.tables import Tide

    manager = MigrationManager(migration_id=ID, app_name="parvis_tide", description=DESCRIPTION)

    async def add_half():
        await Tide.raw("ALTER TABLE tide_mark ADD COLUMN half INTEGER")
        raise LookupError("ebb")

    manager.add_raw(add_half)
    return manager
'''


async def test_a_step_that_breaks_is_undone_says_whose_it_is_and_is_taken_once_corrected(engine, tide, written):
    file, registry = "parvis_tide/migrations/tide_2026_11_30t20_00.py", registry_of([tide])
    bind(engine, modules=registry)
    written(file, BREAKING)
    with pytest.raises(LookupError) as broke:
        await migrate(engine, registry)
    assert broke.value.__notes__ == ["in the step 2026-11-30T20:00:00:000000 of parvis_tide, of which nothing was kept"]
    assert await Migration.get_migrations_which_ran("parvis_tide") == [FIRST]
    written(file, BREAKING.replace('raise LookupError("ebb")', ""))
    assert await migrate(engine, registry) == ("2026-11-30T20:00:00:000000",)


async def test_all_chains_are_looked_at_before_any_step_is_taken(engine, tide, written):
    registry = registry_of([tide])
    bind(engine, modules=registry)
    await migrate(engine, registry)
    async with transaction(engine):
        await Migration.insert(Migration(name=THIRD, app_name="parvis_tide"))
    step(written, "tide", SECOND, columns='{"colour": (Varchar, {"length": 9, "default": ""})}')
    with pytest.raises(DatabaseTooNew, match=f"a later version of parvis_tide \\(it has had {THIRD}, unknown here"):
        await migrate(engine, registry)
    assert (await version(engine, CHAIN)).missing == (SECOND,)


@pytest.fixture
def folded(written):
    """The one step that stands for two earlier ones, which make the same table."""

    def fold(path) -> None:
        for file in path.glob("step_*.py"):
            file.unlink()
        more = f'REPLACES = ("{FIRST}", "{SECOND}")\nINSTALL_FIRST = "parvis-tide 1.2"'
        step(written, "tide", "2026-11-29T19:00:00:000000", more.replace("\n", "\n        "))

    return fold


async def test_a_step_that_stands_for_others_is_only_recorded_where_all_were_taken(
    engine, tide, written, folded, packages
):
    step(written, "tide", SECOND, columns='{"colour": (Varchar, {"length": 9, "default": ""})}')
    registry = registry_of([tide])
    bind(engine, modules=registry)
    assert await migrate(engine, registry) == (FIRST, SECOND)
    [table] = registry.tables()
    async with transaction(engine):
        await table.insert(table(id=new_id(), jurisdiction="riviere", height="3 m"))
    folded(packages / "parvis_tide/migrations")
    with pytest.raises(DatabaseTooOld, match="run `parvis migrate`"):
        await check_version(engine, registry)
    assert await migrate(engine, registry) == ("2026-11-29T19:00:00:000000",)
    await check_version(engine, registry)
    assert [row["height"] for row in await table.select()] == ["3 m"]


async def test_where_some_were_taken_the_version_to_install_first_is_named(engine, tide, folded, packages):
    registry = registry_of([tide])
    bind(engine, modules=registry)
    await migrate(engine, registry)
    folded(packages / "parvis_tide/migrations")
    said = (
        "has had 1 of the 2 steps that 2026-11-29T19:00:00:000000 stands for of parvis_tide; "
        "install parvis-tide 1.2, run `parvis migrate`, then install this version again"
    )
    for ask in (check_version, migrate):
        with pytest.raises(DatabaseTooOld, match=said):
            await ask(engine, registry)


async def test_where_none_was_taken_it_makes_the_tables(engine, tide, folded, packages):
    folded(packages / "parvis_tide/migrations")
    registry = registry_of([tide])
    bind(engine, modules=registry)
    assert await migrate(engine, registry) == ("2026-11-29T19:00:00:000000",)
    assert await part("parvis_tide.tables").Tide.select() == []


async def test_a_host_opens_with_its_modules_and_tells_which_are_broken(own_url, tmp_path, tide):
    broken = InstalledModule(module=structs.replace(tide.module, name="wave", tables="parvis_wave.tables"))
    settings = Settings(territory=town_folder(), secret_key="s" * 40, data=tmp_path, database=own_url)
    async with open_deployment(settings, [], migrating=True, modules=registry_of([tide, broken])) as deployment:
        assert [each.name for each in deployment.modules.modules] == ["tide"]
        [table] = deployment.modules.tables()
        assert await table.select() == []
        [trouble] = [each for each in deployment.plugins.troubles if each.plugin == "wave"]
        assert "No module named 'parvis_wave'" in str(trouble)
    async with open_deployment(settings, []) as deployment:
        assert await left_behind(deployment.modules) == ("tide",)


@pytest.fixture
def taking_over(written, tide):
    """The module whose first step takes over what the core may have made; it adds an index of its own."""

    def write(columns: str) -> None:
        written(
            f"parvis_tide/migrations/step_{FIRST[:10].replace('-', '_')}_20.py",
            f"""
            from piccolo.columns import UUID, Varchar

            from parvis.db.steps import NewTable, first_step

            ID = "{FIRST}"
            TEXTS = {columns}
            MARK = NewTable(
                name="tide_mark",
                class_name="Tide",
                columns={{"id": (UUID, {{"primary_key": True, "default": None}}), **TEXTS}},
                indexes=("CREATE INDEX tide_mark_height ON tide_mark (height)",),
            )


            async def forwards():
                return first_step("parvis_tide", ID, "", [MARK])
            """,
        )

    return write


TEXTS = """{name: (Varchar, {"length": 60, "default": ""}) for name in ("jurisdiction", "height")}"""


@pytest.mark.parametrize("there", [True, False])
async def test_a_table_that_stands_is_taken_over_with_what_is_in_it_and_made_where_it_does_not(
    engine, tide, taking_over, there
):
    registry = registry_of([tide])
    bind(engine, modules=registry)
    if there:
        await migrate(engine, registry)
        [table] = registry.tables()
        async with transaction(engine):
            await table.insert(table(id=new_id(), jurisdiction="riviere", height="3 m"))
            await Migration.delete().where(Migration.app_name == "parvis_tide")
    taking_over(TEXTS)
    assert await migrate(engine, registry) == (FIRST,)
    assert len(await part("parvis_tide.tables").Tide.select()) == there


async def test_a_table_with_other_columns_is_not_taken_over(engine, tide, taking_over):
    registry = registry_of([tide])
    bind(engine, modules=registry)
    await migrate(engine, registry)
    async with transaction(engine):
        await Migration.delete().where(Migration.app_name == "parvis_tide")
    taking_over(TEXTS.replace('"height"', '"depth"'))
    with pytest.raises(DatabaseTooOld, match=r"not as parvis_tide has it \(not in both: depth, height\)"):
        await migrate(engine, registry)
