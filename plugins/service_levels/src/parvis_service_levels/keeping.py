"""What the core is told at the start: in towns that have this module, it says what is promised and looks after it."""

from collections.abc import Iterator
from functools import partial

from parvis.composition import Startup
from parvis.jurisdictions import Jurisdiction
from parvis.requests.clocks.clocks import Clock, ClockWatcher
from parvis.requests.host import Host
from parvis.requests.levels import LevelKeeper
from parvis_rulesets.versions import in_force
from parvis_service_levels.kept import LEVELS, NAME, escalation_in
from parvis_service_levels.steps import scheduled


def given(startup: Startup) -> Iterator[object]:
    """The versions that were put in force at the desk, and the next step of each clock."""
    yield LevelKeeper(module=NAME, in_force=partial(in_force, LEVELS))
    yield ClockWatcher(module=NAME, scheduled=_next_step)


async def _next_step(host: Host, town: Jurisdiction, before: Clock | None, after: Clock) -> Clock:
    rule = await escalation_in(host, town)
    return scheduled(before, after, town.calendar, rule)
