"""What a recurring task is, wherever it is declared."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from msgspec import Struct, structs

from parvis.modules import ModuleRegistry, part
from parvis.plugins.trying import Failure, caught_at_once
from parvis_sdk.text import Text

log = structlog.get_logger("parvis.chores")


class Chore(Struct, frozen=True, kw_only=True):
    """A recurring task: its name, how often it is due, and the work, which answers how much there was of it.

    Most go by the date, and rest while the clock is in doubt. One of a module has that module as its `owner`, says by
    its `title` what it sees to, and is done only where some town has the module; `also_off`, for what was begun and
    must come to its end, wherever the module is installed.
    """

    name: str
    every: timedelta
    work: Callable[[], Awaitable[int]]
    by_date: bool = True
    title: Text | None = None
    owner: str = ""
    also_off: bool = False


def chores_of_modules(modules: ModuleRegistry, host: Any) -> tuple[Chore, ...]:
    """What modules see to, each with its owner; a module that cannot say it is told to the log, and harms no other."""
    found: list[Chore] = []
    for name, file in modules.packages("chores").items():
        said = caught_at_once(partial(_chores_in, name, file, host))
        if isinstance(said, Failure):
            log.error("a module does not say its chores", module=name, trouble=str(said))
        else:
            found += said.value
    return tuple(found)


def _chores_in(name: str, file: str, host: Any) -> list[Chore]:
    return [structs.replace(_chore(each), owner=name) for each in part(file).chores_of(host)]


def _chore(given: Any) -> Chore:
    if not isinstance(given, Chore):
        raise TypeError(f"chores_of answers {type(given).__name__} instead of a Chore")
    return given
