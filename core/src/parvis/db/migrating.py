"""Bringing a database to the version that runs: each step in one transaction with its own record, on both engines.

A step leaves everything that the version before needs, so that both serve side by side while an upgrade lasts. One that
cannot says why in `STOP_FIRST`; that is recorded too, and told to processes of an earlier version, which do not start.
"""

import asyncio
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

from parvis.db.engines import Engine
from parvis.db.errors import DatabaseAway, DatabaseTooNew, DatabaseTooOld, DatabaseUnfinished, OthersServe
from parvis.db.postgres import PooledPostgresEngine, is_locked
from parvis.db.sqlite import KeptSQLiteEngine
from parvis.db.transaction import transaction
from parvis.db.upkeep_tables import Restoration
from parvis.modules import CHAIN, NO_MODULES, ModuleRegistry

APP = "parvis"
STEPS = "parvis.db.migrations"
CONF, ENVIRONMENT_VARIABLE = "parvis_runtime_conf", "PICCOLO_CONF"  # piccolo.conf.apps would load a code formatter
POSTGRES_LOCK = 0x7061727669  # "parvi": one migrating process at a time
STOPS = "stop first: "  # and the chain: under which a step is recorded once more that an earlier version cannot bear
LOCK_SECONDS = 2  # that a step waits for a table in use: later ones wait behind it
LOCK_TRIES, BETWEEN_TRIES = 60, 1.0  # seconds


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of one chain that this installation knows and those the database has had, each in order.

    A step may stand for earlier ones, which are then no files any more: `replaces` names them by that step.
    """

    known: tuple[str, ...]
    taken: tuple[str, ...]
    replaces: dict[str, tuple[str, ...]] = {}
    stops: tuple[str, ...] = ()  # of those taken: what an earlier version cannot bear

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(step for step in self.known if step not in self.taken)

    @property
    def foreign(self) -> tuple[str, ...]:
        known = {*self.known, *(step for steps in self.replaces.values() for step in steps)}
        return tuple(step for step in self.taken if step not in known)

    @property
    def is_ahead(self) -> bool:
        """Whether a later version has been at the database, and left all that this one needs."""
        return bool(self.foreign) and not self.missing and not set(self.foreign) & set(self.stops)


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The steps of the core or of one module: under which name they are recorded, and in which package they lie."""

    app: str = APP
    steps: str = STEPS


CORE = Chain()


def chains_of(modules: ModuleRegistry, steps: str = STEPS) -> tuple[Chain, ...]:
    """The chain of the core, then those of the modules in the order of what they need."""
    return Chain(steps=steps), *(Chain(app=app, steps=package) for app, package in modules.chains().items())


async def migrate(
    engine: Engine, modules: ModuleRegistry = NO_MODULES, *, steps: str = STEPS, others_serve: bool = False
) -> tuple[str, ...]:
    """Make the database if need be and take the missing steps, those of the core and then those of each module.

    All chains are looked at before the first step is taken. Answers which were taken; the engine must be bound. While
    `others_serve`, of the version before, no step is taken that they could not bear.
    """
    if isinstance(engine, KeptSQLiteEngine):
        await engine.create()
    await engine.start()
    await _prepare(engine)
    chains = chains_of(modules, steps)
    for chain in chains:
        found = await version(engine, chain)
        if not found.is_ahead:
            refuse_what_cannot_be(found, chain)
        if others_serve:
            _refuse_to_stop_others(found, chain)
    taken = [step for chain in chains for step in await _take_all(engine, chain)]
    if taken:
        with without_time_limit(engine):
            await _look_again(engine)
    return tuple(taken)


async def _take_all(engine: Engine, chain: Chain) -> tuple[str, ...]:
    with without_time_limit(engine), _piccolo_finds(engine):
        return tuple([step for step, module in _modules(chain.steps).items() if await _told(engine, chain, module)])


async def _told(engine: Engine, chain: Chain, module: ModuleType) -> bool:
    """Take one step; what breaks in it says which step it was, and whose.

    A step that waits for a table in use makes everybody else wait behind it: it lets go soon, and tries again.
    """
    tries = 0
    while True:
        tries += 1
        try:
            return await _take(engine, chain.app, module)
        except BaseException as error:
            if tries < LOCK_TRIES and isinstance(error, DatabaseAway) and is_locked(error):
                await asyncio.sleep(BETWEEN_TRIES)
                continue
            error.add_note(f"in the step {module.ID}{_of(chain)}, of which nothing was kept")
            raise


async def _look_again(engine: Engine) -> None:
    """Let PostgreSQL look at its tables: of a column that has just come it knows nothing, and takes long ways round."""
    if engine.engine_type == "postgres":
        async with transaction(engine):
            await Migration.raw("SET LOCAL statement_timeout = 0")
            await Migration.raw("ANALYZE")


async def version(engine: Engine, chain: Chain = CORE) -> Version:
    """How far a chain of the database and the steps that are installed are."""
    modules = _modules(chain.steps)
    replaces = {name: replaced for name, module in modules.items() if (replaced := _replaced(module))}
    taken: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    if await Migration.table_exists():
        taken = tuple(sorted(await Migration.get_migrations_which_ran(chain.app)))
        stops = tuple(await Migration.get_migrations_which_ran(f"{STOPS}{chain.app}"))
    return Version(known=tuple(modules), taken=taken, replaces=replaces, stops=stops)


async def check_version(
    engine: Engine, modules: ModuleRegistry = NO_MODULES, *, steps: str = STEPS, restoring: bool = False
) -> None:
    """What `serve` and `work` ask before anything else; a restore may use a database that is not whole yet.

    One that is ahead is no reason to stop: a process of the version before is started anew while another upgrades.
    """
    if not restoring and await Restoration.table_exists():
        raise DatabaseUnfinished(
            "the database comes from a backup, and what was destroyed since is not destroyed again yet; "
            "run `parvis restore` with the register of destruction"
        )
    for chain in chains_of(modules, steps):
        found = await version(engine, chain)
        if found.is_ahead:
            continue
        refuse_what_cannot_be(found, chain)
        if found.missing:
            raise DatabaseTooOld(f"the database lacks {_several(found.missing)}{_of(chain)}; run `parvis migrate`")


async def ahead(engine: Engine, modules: ModuleRegistry = NO_MODULES) -> tuple[str, ...]:
    """The steps that a later version has taken, and that are unknown here."""
    return tuple([step for chain in chains_of(modules) for step in (await version(engine, chain)).foreign])


async def left_behind(modules: ModuleRegistry) -> tuple[str, ...]:
    """The names of the modules whose tables are in the database and which are not installed."""
    if not await Migration.table_exists():
        return ()
    there = {row["app_name"] for row in await Migration.select(Migration.app_name)}
    known = {each.chain for each in modules.modules}
    return tuple(sorted(app.removeprefix(CHAIN) for app in there - known if app.startswith(CHAIN)))


def refuse_what_cannot_be(found: Version, chain: Chain) -> None:
    """Raise when a later version made these tables, or one so old that another must bring them up first."""
    if found.foreign:
        raise DatabaseTooNew(
            f"the database was made by a later version of {chain.app if chain.app != APP else 'Parvis'} "
            f"(it has had {_several(found.foreign)}, unknown here); "
            "install that version or restore a backup made before"
        )
    for step, replaced in found.replaces.items():
        had = [each for each in replaced if each in found.taken]
        if had and step not in found.taken and len(had) < len(replaced):
            raise DatabaseTooOld(
                f"the database has had {len(had)} of the {len(replaced)} steps that {step} stands for{_of(chain)}; "
                f"install {_last_with_all(chain, step)}, run `parvis migrate`, then install this version again"
            )


def _refuse_to_stop_others(found: Version, chain: Chain) -> None:
    modules = _modules(chain.steps)
    for step in found.missing if found.taken else ():
        if why := _stops(modules[step]):
            raise OthersServe(
                f"the version before cannot go on after {step}{_of(chain)}: {why}; "
                "stop every `parvis serve` and `parvis work`, then run `parvis migrate --stopped`"
            )


def _stops(module: ModuleType) -> str:
    return str(getattr(module, "STOP_FIRST", ""))


def _last_with_all(chain: Chain, step: str) -> str:
    """The last version that has every step which a later one stands for."""
    return str(_modules(chain.steps)[step].INSTALL_FIRST)


def _replaced(module: ModuleType) -> tuple[str, ...]:
    return tuple(getattr(module, "REPLACES", ()))


def _of(chain: Chain) -> str:
    return "" if chain.app == APP else f" of {chain.app}"


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
    async with transaction(engine):
        await _alone(engine)
        await Migration.create_table(if_not_exists=True)


async def _take(engine: Engine, app: str, module: ModuleType) -> bool:
    """Take one step and record it, or find that another process has just done so.

    Where all the steps that it stands for were taken, it is only recorded.
    """
    name = str(module.ID)
    async with transaction(engine):
        await _alone(engine)
        had = await Migration.get_migrations_which_ran(app)
        if name in had:
            return False
        manager = None if set(_replaced(module)) & set(had) else await module.forwards()
        if isinstance(manager, MigrationManager) and not manager.fake:
            with redirect_stdout(io.StringIO()):
                await manager.run()
        await Migration.insert(Migration(name=name, app_name=app))
        if _stops(module):
            await Migration.insert(Migration(name=name, app_name=f"{STOPS}{app}"))
    return True


async def _alone(engine: Engine) -> None:
    """Wait until no other process migrates; SQLite's unit has waited already."""
    if engine.engine_type == "postgres":
        await Migration.raw("SELECT pg_advisory_xact_lock({})", POSTGRES_LOCK)
        await Migration.raw("SET LOCAL statement_timeout = 0")
        await Migration.raw(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")


@contextmanager
def without_time_limit(engine: Engine) -> Iterator[None]:
    """An index over a large table takes its time."""
    if not isinstance(engine, PooledPostgresEngine):
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
    conf.DB = engine
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
