"""Calls the hooks of a plugin without a host."""

import inspect
import sys
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from parvis_sdk import hooks
from parvis_sdk.channels import Channel
from parvis_sdk.chores import Chore
from parvis_sdk.commands import Command
from parvis_sdk.connectors import Connector
from parvis_sdk.document_renderers import DocumentRenderer
from parvis_sdk.endpoints import Endpoint
from parvis_sdk.figures import Figure
from parvis_sdk.file_stores import FileStore
from parvis_sdk.identity_providers import IdentityProvider
from parvis_sdk.lines import where_broke_or_written, where_function_is
from parvis_sdk.locators import Locator
from parvis_sdk.pages import Page
from parvis_sdk.panels import Panel
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Subscription
from parvis_sdk.testing.watched_thread import WatchedThread
from parvis_sdk.virus_scanners import VirusScanner

HOOKS = tuple(name for name, value in vars(hooks).items() if hasattr(value, "parvis_spec"))
NOUNS: dict[str, type] = {
    "request_types": RequestType,
    "subscriptions": Subscription,
    "channels": Channel,
    "connectors": Connector,
    "locators": Locator,
    "payments": PaymentProvider,
    "panels": Panel,
    "chores": Chore,
    "virus_scanners": VirusScanner,
    "identity_providers": IdentityProvider,
    "file_stores": FileStore,
    "document_renderers": DocumentRenderer,
    "pages": Page,
    "endpoints": Endpoint,
    "commands": Command,
    "figures": Figure,
}
IS_ASYNC = "{hook}() is async · the plugin is left out · write `def`: hooks answer at once"
MARK = "parvis_impl"
HOOK_SECONDS = 20.0  # as long as the host waits
HOOK_LEFT = 500  # looks of a hundredth of a second in which it lets nothing else run


def hooks_of(plugin: object) -> dict[str, Any]:
    """The functions of a plugin that are marked as hooks, by name."""
    functions = {name: getattr(plugin, name) for name in dir(plugin) if not name.startswith("_")}
    return {name: each for name, each in functions.items() if inspect.isroutine(each) and hasattr(each, MARK)}


def answer_of(plugin: object, hook: str, settings: Any = None) -> Sequence[Any]:
    """The list that a plugin returns for a hook; empty if it does not implement it."""
    function = hooks_of(plugin).get(hook)
    if function is None:
        return ()
    answer = asked(function, hook, settings)
    if inspect.iscoroutine(answer):
        answer.close()
        raise AssertionError(f"{written_at(function)} · {IS_ASYNC.format(hook=hook)}")
    if not isinstance(answer, list | tuple):
        raise AssertionError(
            f"{written_at(function)} · {hook}() answered {answer!r} instead of a list · the plugin is left out"
            f" · answer a list of {NOUNS[hook].__name__}"
        )
    return answer


def asked(function: Any, hook: str, settings: Any = None) -> Any:
    """The result of a hook, run on a thread; `AssertionError` names the line at which it blocks."""

    async def answered() -> Any:
        return function(settings) if inspect.signature(function).parameters else function()

    package = str(getattr(function, "__module__", "")).partition(".")[0]
    with WatchedThread(package, HOOK_SECONDS, left=HOOK_LEFT) as thread:
        tried = thread.tries(answered)
    blocking = tried.blocking
    if blocking is not None and (blocking.call or not blocking.over):
        what = f"calls {blocking.call}" if blocking.call else "does not come to an end"
        raise AssertionError(
            f"{blocking.where or written_at(function)} · {hook}() {what} · this slows down every start"
            " · remove computation and connections from the hook: it only declares"
        )
    if tried.error is not None:
        error = tried.error
        line = where_broke_or_written(error, function, sys.modules.get(getattr(function, "__module__", "")))
        raise AssertionError(
            f"{line} · {hook}() raised {type(error).__name__}: {error} · the plugin is left out"
            " · correct the hook: it must only declare, and depend on no other system"
        ) from error
    return tried.answer


def written_at(function: Any) -> str:
    """The line where a function is written."""
    return where_function_is(function, sys.modules.get(getattr(function, "__module__", "")))


def hook_mistakes(plugin: object) -> list[str]:
    """Everything that prevents a hook from being called."""
    marked = hooks_of(plugin)
    found = [] if marked else ["no function is marked with @hookimpl · the plugin is left out · mark at least one hook"]
    for name, function in marked.items():
        found += [f"{written_at(function)} · {mistake}" for mistake in _mistakes_of_hook(name, function)]
    own = getattr(plugin, "__name__", "")
    for name in HOOKS:
        function = getattr(plugin, name, None)
        if name not in marked and inspect.isroutine(function) and getattr(function, "__module__", "") == own:
            line = written_at(function)
            found.append(f"{line} · {name}() is not marked with @hookimpl · it is never called · mark it")
    return found


def _mistakes_of_hook(name: str, function: Any) -> Iterator[str]:
    if name not in HOOKS:
        near = get_close_matches(name, HOOKS, 1, 0.6)
        now_what = f"did you mean {near[0]}()?" if near else f"use one of {', '.join(HOOKS)}"
        yield f"{name}() is not a hook · it is never called · {now_what}"
        return
    if inspect.iscoroutinefunction(function):
        yield IS_ASYNC.format(hook=name)
    known = set(inspect.signature(getattr(hooks, name)).parameters)
    for each in sorted(set(inspect.signature(function).parameters) - known):
        given = ", ".join(sorted(known)) or "nothing"
        yield f"{name}() takes {each!r}, which it is not given · the plugin is left out · it is given {given}"
