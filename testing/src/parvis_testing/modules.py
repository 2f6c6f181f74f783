"""Selects installed modules for tests, and turns them on."""

from typing import Any

from parvis.db import Engine
from parvis.modules import ModuleRegistry, part, registry_of
from parvis.people.tokens import SCOPES
from parvis.plugins.module_discovery import find_modules
from parvis.requests.host import Host
from parvis.switches import EVERYWHERE, State, Switchboard
from parvis.switches.deciding import decide


def only(*names: str) -> ModuleRegistry:
    """These installed modules and their requirements."""
    installed = find_modules()
    wanted, left = list[str](), [*names]
    while left:
        name = left.pop()
        found = installed.named(name)
        assert found is not None, f"the module {name} is not installed: {[str(each) for each in installed.troubles]}"
        if name not in wanted:
            wanted.append(name)
            left += found.module.needs
    return registry_of(each for each in installed.modules if each.name in wanted)


async def switch(host: Host, state: State, *names: str, town: str = EVERYWHERE) -> None:
    """Switches these modules, or all, in one town or in all towns."""
    for name in names or [each.name for each in host.modules.registry.modules]:
        await decide(host.engine, host.modules, jurisdiction=town, module=name, state=state, by="Tests", why="")


def standing_in(host: Host) -> list[type[Any]]:
    """Clears the cached rules of towns, for a host with another database."""
    named = host.modules.registry.packages("procedures").values()
    return [kept.remembered for name in named for kept in part(name).PROCEDURES]


def every_scope(host: Host) -> dict[str, Any]:
    """Every scope of a token, including those of the installed modules."""
    added = [scope for each in host.modules.registry.modules for scope in each.module.scopes]
    return {"scopes": (*SCOPES, *(each.name for each in added)), "added": added}


async def all_on(engine: Engine, registry: ModuleRegistry) -> Switchboard:
    """Turns these modules on in every town of a database."""
    board = Switchboard(registry)
    for each in registry.modules:
        await decide(engine, board, jurisdiction=EVERYWHERE, module=each.name, state="on", by="Tests", why="")
    return board
