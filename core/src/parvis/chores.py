"""What a recurring task is, wherever it is declared."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from msgspec import Struct, structs

from parvis.modules import ModuleRegistry, part
from parvis_sdk.text import Text


class Chore(Struct, frozen=True, kw_only=True):
    """A recurring task: its name, how often it is due, and the work, which answers how much there was of it.

    Most go by the date, and rest while the clock is in doubt. One of a module has that module as its `owner`, says by
    its `title` what it sees to, and is done only where some town has the module.
    """

    name: str
    every: timedelta
    work: Callable[[], Awaitable[int]]
    by_date: bool = True
    title: Text | None = None
    owner: str = ""


def chores_of_modules(modules: ModuleRegistry, heart: Any) -> tuple[Chore, ...]:
    """What modules see to, each with its owner."""
    brought = modules.packages("chores").items()
    return tuple(structs.replace(each, owner=name) for name, file in brought for each in part(file).chores_of(heart))
