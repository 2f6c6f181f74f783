"""Hooks that pluggy would pass over in silence: misspelt, unmarked, async, wrapping, or with a wrong argument."""

import difflib
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pluggy

from parvis.house.origins import Found, module_of
from parvis.house.sources import where_function_is
from parvis.house.trouble import LEFT_OUT, Trouble, Words
from parvis_sdk import hooks

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MARK = "parvis_impl"


def specified(manager: pluggy.PluginManager) -> tuple[str, ...]:
    """The names of all hooks of the contract, in the order of `parvis_sdk.hooks`."""
    callers = vars(manager.hook)
    return tuple(name for name in vars(hooks) if name in callers and callers[name].has_spec())


def look_over(manager: pluggy.PluginManager, found: Found) -> Iterator[Trouble]:
    """Everything that is wrong with the hooks of a plugin before any of them is asked."""
    known = specified(manager)
    if inspect.isclass(found.plugin) or not (functions := dict(routines(found.plugin))):
        what = "it is a class" if inspect.isclass(found.plugin) else "it holds no function at all"
        yield _trouble(found, "", what, LEFT_OUT, "let the entry point name the module that holds the hooks")
        return
    marked = 0
    for name, function in functions.items():
        if hasattr(function, MARK):
            marked += 1
            yield from _marked(found, name, function, known)
        else:
            near = difflib.get_close_matches(name, known, 1, 0.85)
            if near:
                what = f"{name}() is not marked with @hookimpl"
                yield _trouble(found, name, what, "it is never asked", f"mark it as the hook {near[0]}(), or rename it")
    if not marked:
        yield _trouble(found, "", "no function is marked with @hookimpl", LEFT_OUT, "mark at least one hook")


def _marked(found: Found, name: str, function: object, known: tuple[str, ...]) -> Iterator[Trouble]:
    if name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.6)
        now_what = f"did you mean {near[0]}()?" if near else f"use one of {', '.join(known)}"
        yield _trouble(found, name, f"{name}() is not a hook", "it is never asked", now_what)
        return
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        what, now_what = f"{name}() is async", "write `def`: hooks answer at once, what they return may be async"
        yield _trouble(found, name, what, LEFT_OUT, now_what)
    if options := [option for option, value in getattr(function, MARK).items() if value]:
        what, now_what = (
            f"{name}() is marked with {', '.join(options)}",
            "write @hookimpl alone: each answers for itself only",
        )
        yield _trouble(found, name, what, LEFT_OUT, now_what)
    taken = set(inspect.signature(getattr(hooks, name)).parameters)
    given = inspect.signature(function).parameters if callable(function) else {}
    for argument in given.values():
        if argument.name not in taken and argument.name != "self" and argument.default is argument.empty:
            near = difflib.get_close_matches(argument.name, sorted(taken), 1, 0.6)
            now_what = f"did you mean {near[0]!r}?" if near else f"it is given {', '.join(sorted(taken)) or 'nothing'}"
            yield _trouble(found, name, f"{name}() takes an unknown argument {argument.name!r}", LEFT_OUT, now_what)


def routines(plugin: object) -> Iterator[tuple[str, object]]:
    """The public functions of a plugin; those that a module only imported, unmarked, are not its own."""
    for name in dir(plugin):
        value = inspect.getattr_static(plugin, name)
        if name.startswith("_") or not inspect.isroutine(value):
            continue
        function = getattr(plugin, name)
        own = not isinstance(plugin, ModuleType) or getattr(function, "__module__", "") == plugin.__name__
        if own or hasattr(function, MARK):
            yield name, function


def _trouble(found: Found, name: str, what: str, so_what: Words, now_what: str) -> Trouble:
    function = getattr(found.plugin, name, None) if name else None
    place = where_function_is(function, module_of(found.plugin))
    where = " · ".join(part for part in (f"{name}()" if name else "plugin", place) if part)
    return Trouble(
        who=str(found.origin), where=where, what=what, so_what=so_what, now_what=now_what, plugin=found.origin.name
    )
