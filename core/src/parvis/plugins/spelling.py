"""Hooks that pluggy would pass over in silence: misspelt, unmarked, async, wrapping, or with a wrong argument."""

import difflib
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pluggy

from parvis.plugins.registry import DiscoveredPlugin, module_of
from parvis.troubles import LEFT_OUT, Trouble, Words
from parvis_sdk import hooks
from parvis_sdk.lines import where_function_is
from parvis_sdk.text import Text

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
MARK = "parvis_impl"
A_CLASS = Text(fr="c’est une classe", en="it is a class")
NO_FUNCTION = Text(fr="elle ne contient aucune fonction", en="it contains no function")
NAME_THE_MODULE = Text(
    fr="le point d’entrée doit nommer le module qui contient les crochets",
    en="the entry point must name the module that contains the hooks",
)
UNMARKED = Text(fr="{name}() n’est pas marquée de @hookimpl", en="{name}() is not marked with @hookimpl")
NEVER_ASKED = Text(fr="elle n’est jamais appelée", en="it is never called")
MARK_IT = Text(
    fr="marquez-la comme le crochet {near}(), ou changez son nom", en="mark it as the hook {near}(), or rename it"
)
NONE_MARKED = Text(fr="aucune fonction n’est marquée de @hookimpl", en="no function is marked with @hookimpl")
MARK_ONE = Text(fr="marquez au moins un crochet", en="mark at least one hook")
NO_HOOK = Text(fr="{name}() n’est pas un crochet", en="{name}() is not a hook")
DID_YOU_MEAN = Text(fr="{near}, peut-être?", en="did you mean {near}?")
USE_ONE_OF = Text(fr="prenez-en un parmi {known}", en="use one of {known}")
IS_ASYNC = Text(fr="{name}() est async", en="{name}() is async")
WRITE_DEF = Text(
    fr="écrivez `def`\u00a0: un crochet répond immédiatement; ce qu’il renvoie peut être async",
    en="write `def`: a hook answers immediately; what it returns may be async",
)
MARKED_WITH = Text(fr="{name}() est marquée de {options}", en="{name}() is marked with {options}")
ALONE = Text(
    fr="écrivez @hookimpl sans option\u00a0: chaque extension ne répond que pour elle-même",
    en="write @hookimpl without options: each plugin answers only for itself",
)
UNKNOWN_ARGUMENT = Text(
    fr="{name}() prend un argument inconnu, {argument}", en="{name}() takes an unknown argument {argument}"
)
IS_GIVEN = Text(fr="il lui est donné {names}", en="it is given {names}")
NOTHING = Text(fr="rien", en="nothing")


def specified(manager: pluggy.PluginManager) -> tuple[str, ...]:
    """The names of all hooks of the contract, in the order of `parvis_sdk.hooks`."""
    callers = vars(manager.hook)
    return tuple(name for name in vars(hooks) if name in callers and callers[name].has_spec())


def look_over(manager: pluggy.PluginManager, found: DiscoveredPlugin) -> Iterator[Trouble]:
    """Everything that is wrong with the hooks of a plugin before any of them is asked."""
    known = specified(manager)
    if inspect.isclass(found.plugin) or not (functions := dict(routines(found.plugin))):
        what = A_CLASS if inspect.isclass(found.plugin) else NO_FUNCTION
        yield _trouble(found, "", what, LEFT_OUT, NAME_THE_MODULE)
        return
    marked = 0
    for name, function in functions.items():
        if hasattr(function, MARK):
            marked += 1
            yield from _marked(found, name, function, known)
        else:
            near = difflib.get_close_matches(name, known, 1, 0.85)
            if near:
                what, now_what = UNMARKED.format(name=name), MARK_IT.format(near=near[0])
                yield _trouble(found, name, what, NEVER_ASKED, now_what)
    if not marked:
        yield _trouble(found, "", NONE_MARKED, LEFT_OUT, MARK_ONE)


def _marked(found: DiscoveredPlugin, name: str, function: object, known: tuple[str, ...]) -> Iterator[Trouble]:
    if name not in known:
        near = difflib.get_close_matches(name, known, 1, 0.6)
        now_what = DID_YOU_MEAN.format(near=f"{near[0]}()") if near else USE_ONE_OF.format(known=", ".join(known))
        yield _trouble(found, name, NO_HOOK.format(name=name), NEVER_ASKED, now_what)
        return
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield _trouble(found, name, IS_ASYNC.format(name=name), LEFT_OUT, WRITE_DEF)
    if options := [option for option, value in getattr(function, MARK).items() if value]:
        yield _trouble(found, name, MARKED_WITH.format(name=name, options=", ".join(options)), LEFT_OUT, ALONE)
    taken = set(inspect.signature(getattr(hooks, name)).parameters)
    given = inspect.signature(function).parameters if callable(function) else {}
    for argument in given.values():
        if argument.name not in taken and argument.name != "self" and argument.default is argument.empty:
            near = difflib.get_close_matches(argument.name, sorted(taken), 1, 0.6)
            given_to_it = IS_GIVEN.format(names=", ".join(sorted(taken)) or NOTHING)
            now_what = DID_YOU_MEAN.format(near=repr(near[0])) if near else given_to_it
            what = UNKNOWN_ARGUMENT.format(name=name, argument=repr(argument.name))
            yield _trouble(found, name, what, LEFT_OUT, now_what)


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


def _trouble(found: DiscoveredPlugin, name: str, what: Words, so_what: Words, now_what: Words) -> Trouble:
    function = getattr(found.plugin, name, None) if name else None
    place = where_function_is(function, module_of(found.plugin))
    where = " · ".join(part for part in (f"{name}()" if name else "plugin", place) if part)
    return Trouble(
        who=str(found.origin), where=where, what=what, so_what=so_what, now_what=now_what, plugin=found.origin.name
    )
