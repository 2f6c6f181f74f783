"""Bringing a database to the version that runs: each step in one unit with its own record, quietly, on both engines."""

import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import ModuleType
from typing import Any

import msgspec
from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.tables import Migration
from piccolo.conf.apps import ENVIRONMENT_VARIABLE, AppRegistry

from parvis.db.engines import Engine
from parvis.db.errors import DatabaseTooNew, DatabaseTooOld
from parvis.db.sqlite import KeptSQLiteEngine
from parvis.db.unit import unit

APP = "parvis"
STEPS = "parvis.db.migrations"
CONF = "parvis_runtime_conf"
POSTGRES_LOCK = 0x7061727669  # "parvi": one migrating process at a time


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The steps this version of Parvis knows and those the database has had, each in order."""

    known: tuple[str, ...]
    taken: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(step for step in self.known if step not in self.taken)

    @property
    def foreign(self) -> tuple[str, ...]:
        return tuple(step for step in self.taken if step not in self.known)


async def migrate(engine: Engine, *, steps: str = STEPS) -> tuple[str, ...]:
    """Make the database if need be and take the missing steps; answers which were taken. The engine must be bound."""
    if isinstance(engine, KeptSQLiteEngine):
        await engine.create()
    await engine.start()
    modules = _modules(steps)
    await _prepare(engine)
    _refuse_newer(await version(engine, steps=steps))
    taken = []
    with without_time_limit(engine), _piccolo_finds(engine):
        for name, module in modules.items():
            if await _take(engine, name, module):
                taken.append(name)
        if taken:
            await _look_again(engine)
    return tuple(taken)


async def _look_again(engine: Engine) -> None:
    """Let PostgreSQL look at its tables: of a column that has just come it knows nothing, and takes long ways round."""
    if engine.engine_type == "postgres":
        async with unit(engine):
            await Migration.raw("ANALYZE")


async def version(engine: Engine, *, steps: str = STEPS) -> Version:
    """How far the database and this version of Parvis are."""
    known = tuple(_modules(steps))
    if not await Migration.table_exists():
        return Version(known=known, taken=())
    return Version(known=known, taken=tuple(sorted(await Migration.get_migrations_which_ran(APP))))


async def check_version(engine: Engine, *, steps: str = STEPS) -> None:
    """What `serve` and `work` ask before anything else."""
    found = await version(engine, steps=steps)
    _refuse_newer(found)
    if found.missing:
        raise DatabaseTooOld(f"the database lacks {_several(found.missing)}; run `parvis migrate`")


def _refuse_newer(found: Version) -> None:
    if found.foreign:
        raise DatabaseTooNew(
            f"the database was made by a later version of Parvis (it has had {_several(found.foreign)}, unknown here); "
            "install that version or restore a backup made before"
        )


def _several(steps: tuple[str, ...]) -> str:
    return steps[0] if len(steps) == 1 else f"{len(steps)} steps, {steps[0]} to {steps[-1]}"


def _modules(steps: str) -> dict[str, ModuleType]:
    """The modules of the steps by their ID, which begins with a date and therefore gives their order."""
    package = importlib.import_module(steps)
    modules = [importlib.import_module(f"{steps}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    return {module.ID: module for module in sorted(modules, key=lambda module: str(module.ID))}


async def _prepare(engine: Engine) -> None:
    if await Migration.table_exists():
        return
    async with unit(engine):
        await _alone(engine)
        await Migration.create_table(if_not_exists=True)


async def _take(engine: Engine, name: str, module: ModuleType) -> bool:
    """Take one step and record it, or find that another process has just done so."""
    async with unit(engine):
        await _alone(engine)
        if name in await Migration.get_migrations_which_ran(APP):
            return False
        manager = await module.forwards()
        if isinstance(manager, MigrationManager) and not manager.fake:
            with redirect_stdout(io.StringIO()):
                await manager.run()
        await Migration.insert(Migration(name=name, app_name=APP))
    return True


async def _alone(engine: Engine) -> None:
    """Wait until no other process migrates; SQLite's unit has waited already."""
    if engine.engine_type == "postgres":
        await Migration.raw("SELECT pg_advisory_xact_lock({})", POSTGRES_LOCK)
        await Migration.raw("SET LOCAL statement_timeout = 0")


@contextmanager
def without_time_limit(engine: Engine) -> Iterator[None]:
    """An index over a large table takes its time."""
    if isinstance(engine, KeptSQLiteEngine):
        yield
        return
    limit, engine.answer_seconds = engine.answer_seconds, None
    try:
        yield
    finally:
        engine.answer_seconds = limit


@contextmanager
def _piccolo_finds(engine: Engine) -> Iterator[None]:
    """Piccolo's migrations look for their engine in a module named by an environment variable."""
    conf: Any = ModuleType(CONF)
    conf.DB, conf.APP_REGISTRY = engine, AppRegistry()
    before = os.environ.get(ENVIRONMENT_VARIABLE)
    sys.modules[CONF] = conf
    os.environ[ENVIRONMENT_VARIABLE] = CONF
    try:
        yield
    finally:
        del sys.modules[CONF]
        if before is None:
            del os.environ[ENVIRONMENT_VARIABLE]
        else:
            os.environ[ENVIRONMENT_VARIABLE] = before
