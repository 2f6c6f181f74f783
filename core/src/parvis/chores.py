"""What a recurring task is, wherever it is declared."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from msgspec import Struct, structs

from parvis.modules import ModuleRegistry, part
from parvis.plugins.trying import Failure, caught_at_once
from parvis_sdk.text import Text

log = structlog.get_logger("parvis.chores")


class Turns(Struct, frozen=True, kw_only=True):
    """When something is due that goes by a calendar: its last turn and its next one, seen from a moment; None: none."""

    last: Callable[[datetime], datetime | None]
    next: Callable[[datetime], datetime | None]


class Chore(Struct, frozen=True, kw_only=True):
    """A recurring task: its name, how often it is due, and the work, which answers how much there was of it.

    Most go by the date, and rest while the clock is in doubt. One of a module has that module as its `owner`, says by
    its `title` what it sees to, and is done only where some town has the module; `also_off`, for what was begun and
    must come to its end, wherever the module is installed. What has `turns` is due by them, and
    `every` after a failure. Chores of one owner are done one after the other, those of another `lane` beside them.
    """

    name: str
    every: timedelta
    work: Callable[[], Awaitable[int]]
    by_date: bool = True
    title: Text | None = None
    owner: str = ""
    also_off: bool = False
    turns: Turns | None = None
    lane: str = ""

    def due_since(self, now: datetime, failed: bool = False) -> datetime | None:
        """It is due where it last ran at this moment or before; None: it is not due at all."""
        if self.turns is None:
            return now - self.every
        last = self.turns.last(now)
        return max(last, now - self.every) if last is not None and failed else last

    def next_turn(self, ran_at: datetime | None, failed: bool, now: datetime) -> datetime | None:
        """When it is due the next time; None where nobody can say."""
        if ran_at is None or self.turns is None:
            return None if ran_at is None else max(now, ran_at + self.every)
        last, following = self.turns.last(now), self.turns.next(ran_at)
        if last is None or following is None:
            return None
        return min(following, max(now, ran_at + self.every)) if failed else now if ran_at <= last else following


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
