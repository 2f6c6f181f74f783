"""What plugins use in a day, calls into their code and the seconds of these, and what of it is beyond their budget."""

import time
from collections.abc import Iterator, Mapping
from datetime import timedelta

from msgspec import Struct, structs

from parvis import clock
from parvis.db import Engine, transaction
from parvis.identifiers import new_id
from parvis.module_settings import settings_of
from parvis.outbox.operating import use_by, use_of_each
from parvis.plugins.registry import Plugin
from parvis.plugins.threads import PluginThreads
from parvis.requests.host import Host
from parvis.rereading import Reread
from parvis_connectors.settings import SETTINGS, Budget
from parvis_connectors.switched import NAME
from parvis_connectors.tables import PluginDay

EVERY = 60.0  # seconds after which a process adds what its plugins used to the sums of the day
KEPT_FOR = timedelta(days=90)
ADD = """
INSERT INTO plugin_day (id, plugin, day, calls, milliseconds) VALUES ({}, {}, {}, {}, {})
ON CONFLICT (plugin, day) DO UPDATE
SET calls = plugin_day.calls + excluded.calls, milliseconds = plugin_day.milliseconds + excluded.milliseconds"""


class Used(Struct, frozen=True, kw_only=True):
    """What a plugin used today, by the clock of Greenwich, and the characters that are kept for it."""

    calls: int = 0
    seconds: int = 0
    characters: int = 0


class PluginUsage(Struct, frozen=True, kw_only=True):
    """What a plugin used, beside what it may."""

    plugin: str
    used: Used
    budget: Budget

    @property
    def beyond(self) -> tuple[str, ...]:
        """Of what it used more than it may: "calls", "seconds", "characters"."""
        names = Budget.__struct_fields__
        return tuple(each for each in names if 0 < getattr(self.budget, each) < getattr(self.used, each))


class AddedUp:
    """What this process has added to the sums so far, by package, and when it adds the next."""

    def __init__(self) -> None:
        self.until = 0.0
        self.by_package: dict[str, tuple[int, float]] = {}


async def add_up(host: Host) -> None:
    """Add what plugins used in this process since the last time; the last minute of a process is not counted."""
    added, threads, now = host.of(AddedUp), host.given(PluginThreads), time.monotonic()
    if threads is None or now < added.until:
        return
    added.until, used = now + EVERY, dict(threads.used)
    by_plugin = list(_since(host, added.by_package, used))
    if by_plugin:
        day = f"{clock.now():%Y-%m-%d}"
        async with transaction(host.engine):
            for plugin, calls, seconds in by_plugin:
                await PluginDay.raw(ADD, new_id(), plugin, day, calls, round(seconds * 1000))
    added.by_package = used


def _since(
    host: Host, before: Mapping[str, tuple[int, float]], used: Mapping[str, tuple[int, float]]
) -> Iterator[tuple[str, int, float]]:
    """Of each plugin the calls and seconds that are new; plugins of one package are counted under the first."""
    for name, plugin in host.plugins.by_name.items():
        package = str(getattr(plugin.module, "__name__", "")).partition(".")[0]
        (calls, seconds), (old_calls, old_seconds) = used.get(package, (0, 0.0)), before.get(package, (0, 0.0))
        if calls > old_calls and _first_of(host, package) == name:
            yield name, calls - old_calls, seconds - old_seconds


def _first_of(host: Host, package: str) -> str:
    packages = ((name, getattr(each.module, "__name__", "")) for name, each in host.plugins.by_name.items())
    return next(name for name, module in packages if str(module).partition(".")[0] == package)


async def usages(host: Host) -> tuple[PluginUsage, ...]:
    """What each plugin used today, and what is kept for it; those that used nothing and have no budget are left out."""
    day = f"{clock.now():%Y-%m-%d}"
    rows = {each["plugin"]: each for each in await PluginDay.select().where(PluginDay.day == day)}
    kept = await use_of_each(clock.now())
    found = []
    for name, plugin in host.plugins.by_name.items():
        characters = use_by((name, *plugin.connectors), kept).characters
        row = rows.get(name, {"calls": 0, "milliseconds": 0})
        used = Used(calls=row["calls"], seconds=row["milliseconds"] // 1000, characters=characters)
        usage = PluginUsage(plugin=name, used=used, budget=budget_of(host, plugin))
        if used != Used() or usage.budget != Budget():
            found.append(usage)
    return tuple(found)


def budget_of(host: Host, plugin: Plugin) -> Budget:
    """The lowest that any town which has the plugin allows it."""
    lowest: dict[str, int] = {}
    for town in host.jurisdictions.by_code.values():
        said = settings_of(town, NAME, SETTINGS).budgets.get(plugin.name)
        if said is None or not (plugin.origin.built_in or town.allows_plugin(plugin.name)):
            continue
        for name, most in structs.asdict(said).items():
            if most:
                lowest[name] = min(most, lowest.get(name, most))
    return Budget(**lowest)


async def sweep(engine: Engine) -> int:
    """Drop the sums of days long ago."""
    until = f"{clock.now() - KEPT_FOR:%Y-%m-%d}"
    async with transaction(engine):
        return len(await PluginDay.delete().where(PluginDay.day < until).returning(PluginDay.id))


SUMS = Reread(look=add_up)
