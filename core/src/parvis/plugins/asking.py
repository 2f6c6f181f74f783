"""Asking: each plugin is asked by itself, in name order, and every answer is stamped with its origin and looked at."""

import time
from typing import Any

import pluggy
from msgspec import Struct

from parvis.plugins.answers import CHECKS
from parvis.plugins.registry import DiscoveredPlugin, module_of
from parvis.plugins.sources import where_broke_or_written
from parvis.plugins.threads import in_time
from parvis.troubles import RAISED, Trouble, Words, one_line
from parvis_sdk.text import Text

CORRECT = Text(
    fr="corrigez le crochet\u00a0: il ne fait que déclarer, et n’a besoin de rien d’ailleurs",
    en="correct the hook: it only declares, and needs nothing from outside",
)
TOOK_LONG = Text(fr="la réponse a pris {milliseconds}\u00a0ms", en="it took {milliseconds} ms to answer")
NOT_BACK = Text(fr="aucun retour en {seconds}\u00a0s", en="it did not return within {seconds} s")
WAITS = Text(fr="chaque démarrage l’attend", en="every start waits for it")
TAKE_OUT = Text(fr="retirez du crochet le travail et les connexions", en="take work and connections out of the hook")
SECONDS = 20.0  # of a machine that is very busy; a start waits no longer for any hook
SLOW_AFTER = 0.5  # seconds, of a busy machine too; a hook declares, it does not fetch


class Answer(Struct, frozen=True, kw_only=True):
    """What one plugin said to one hook, and what is wrong with it."""

    value: Any = None
    troubles: tuple[Trouble, ...] = ()

    @property
    def is_broken(self) -> bool:
        """Whether the answer cannot be used."""
        return any(trouble.severe for trouble in self.troubles)


def ask(manager: pluggy.PluginManager, hook: str, found: DiscoveredPlugin, **given: Any) -> Answer | None:
    """The answer of one plugin to one hook, checked; None when it does not implement it."""
    caller = getattr(manager.hook, hook)
    one = next((each for each in caller.get_hookimpls() if each.plugin is found.plugin), None)
    if one is None:
        return None
    package = str(getattr(module_of(found.plugin), "__name__", "")).partition(".")[0]
    answer = in_time(lambda: _asked(one, hook, found, given), SECONDS, package)
    if isinstance(answer, Answer):
        return answer
    where = answer.where or where_broke_or_written(None, one.function, module_of(found.plugin))
    what = NOT_BACK.format(seconds=f"{SECONDS:g}")
    return Answer(troubles=(_trouble(found, hook, where, "", what, TAKE_OUT),))


def _asked(one: pluggy.HookImpl, hook: str, found: DiscoveredPlugin, given: dict[str, Any]) -> Answer:
    started = time.perf_counter()
    try:
        value = one.function(*(given[name] for name in one.argnames))
        took = time.perf_counter() - started
        wrongs = list(CHECKS[hook](value, found.plugin))
    except (Exception, SystemExit) as error:  # noqa: BLE001  a hook is the author's code: one that breaks harms no other
        where = where_broke_or_written(error, one.function, module_of(found.plugin))
        return Answer(troubles=(_trouble(found, hook, where, "", RAISED.format(error=one_line(error)), CORRECT),))
    where = where_broke_or_written(None, one.function, module_of(found.plugin))
    troubles = [_trouble(found, hook, each.line or where, each.part, each.what, each.now_what) for each in wrongs]
    if took > SLOW_AFTER:
        troubles.append(_slow(found, hook, where, took))
    return Answer(value=value, troubles=tuple(troubles))


def _trouble(found: DiscoveredPlugin, hook: str, line: str, part: str, what: Words, now_what: Words) -> Trouble:
    where = " · ".join(each for each in (f"{hook}()", line, part) if each)
    return Trouble(who=str(found.origin), where=where, what=what, now_what=now_what, plugin=found.origin.name)


def _slow(found: DiscoveredPlugin, hook: str, where: str, took: float) -> Trouble:
    return Trouble(
        who=str(found.origin),
        where=" · ".join(part for part in (f"{hook}()", where) if part),
        what=TOOK_LONG.format(milliseconds=f"{took * 1000:.0f}"),
        so_what=WAITS,
        now_what=TAKE_OUT,
        plugin=found.origin.name,
        severe=False,
    )
