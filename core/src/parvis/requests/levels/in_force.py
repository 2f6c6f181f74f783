"""The levels in force in a town: those of its files, or what a module says that keeps others for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from parvis import clock
from parvis.requests.heart import Heart
from parvis.requests.levels.lines import Levels, of_files
from parvis.requests.procedures.standing import Standing
from parvis.territory import Jurisdiction


class StandingLevels(dict[str, Standing[Any]]):
    """What is promised, by town, as this process last read it; whoever keeps it may promise more than lines."""


@dataclass(frozen=True)
class LevelKeeper:
    """Who says what is promised in the towns that have its module; where nobody does, a town's files say it."""

    module: str = ""
    in_force: Callable[[Heart, Jurisdiction], Awaitable[Standing[Levels]]] | None = None


async def levels_in_force(heart: Heart, town: Jurisdiction) -> Standing[Levels]:
    """What is promised there now, and of which version; 0 is that of the town's files."""
    keeper = heart.of(LevelKeeper)
    if keeper.in_force is None or not heart.modules.of(town).has(keeper.module):
        return Standing(version=0, body=of_files(town), read_at=clock.now())
    return await keeper.in_force(heart, town)
