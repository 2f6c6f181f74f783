"""Asking: each plugin is asked by itself, in name order, and every answer is stamped with its origin and looked at."""

import time
from typing import Any

import pluggy
from msgspec import Struct

from parvis.house.answers import CHECKS
from parvis.house.origins import Found, module_of
from parvis.house.sources import where_broke_or_written
from parvis.house.trouble import Trouble, one_line

SLOW_AFTER = 0.5  # seconds, of a busy machine too; a hook declares, it does not fetch


class Answer(Struct, frozen=True, kw_only=True):
    """What one plugin said to one hook, and what is wrong with it."""

    value: Any = None
    troubles: tuple[Trouble, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the answer cannot be used."""
        return any(trouble.severe for trouble in self.troubles)


def ask(manager: pluggy.PluginManager, hook: str, found: Found, **given: Any) -> Answer | None:
    """The answer of one plugin to one hook, checked; None when it does not implement it."""
    caller = getattr(manager.hook, hook)
    one = next((each for each in caller.get_hookimpls() if each.plugin is found.plugin), None)
    if one is None:
        return None
    started = time.perf_counter()
    try:
        value = one.function(*(given[name] for name in one.argnames))
        took = time.perf_counter() - started
        wrongs = list(CHECKS[hook](value, found.plugin))
    except (Exception, SystemExit) as error:  # noqa: BLE001  a hook is the author's code: one that breaks harms no other
        where = where_broke_or_written(error, one.function, module_of(found.plugin))
        now_what = "correct the hook: it only declares, and needs nothing from outside"
        return Answer(troubles=(_trouble(found, hook, where, "", f"it raised {one_line(error)}", now_what),))
    where = where_broke_or_written(None, one.function, module_of(found.plugin))
    troubles = [_trouble(found, hook, each.line or where, each.part, each.what, each.now_what) for each in wrongs]
    if took > SLOW_AFTER:
        troubles.append(_slow(found, hook, where, took))
    return Answer(value=value, troubles=tuple(troubles))


def _trouble(found: Found, hook: str, line: str, part: str, what: str, now_what: str) -> Trouble:
    where = " · ".join(each for each in (f"{hook}()", line, part) if each)
    return Trouble(who=str(found.origin), where=where, what=what, now_what=now_what, plugin=found.origin.name)


def _slow(found: Found, hook: str, where: str, took: float) -> Trouble:
    return Trouble(
        who=str(found.origin),
        where=" · ".join(part for part in (f"{hook}()", where) if part),
        what=f"it took {took * 1000:.0f} ms to answer",
        so_what="every start waits for it",
        now_what="take work and connections out of the hook",
        plugin=found.origin.name,
        severe=False,
    )
