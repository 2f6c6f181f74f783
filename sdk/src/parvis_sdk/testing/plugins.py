"""Looking at a plugin without a host: its hooks, and what they answer."""

import inspect
from collections.abc import Sequence
from typing import Any

from parvis_sdk import hooks
from parvis_sdk.channels import Channel
from parvis_sdk.connectors import Connector
from parvis_sdk.locators import Locator
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.request_types import RequestType
from parvis_sdk.subscriptions import Subscription

HOOKS = tuple(name for name, value in vars(hooks).items() if hasattr(value, "parvis_spec"))
NOUNS: dict[str, type] = {
    "request_types": RequestType,
    "subscriptions": Subscription,
    "channels": Channel,
    "connectors": Connector,
    "locators": Locator,
    "payments": PaymentProvider,
}
MARK = "parvis_impl"


def hooks_of(plugin: object) -> dict[str, Any]:
    """The functions of a plugin that are marked as hooks, by name."""
    functions = {name: getattr(plugin, name) for name in dir(plugin) if not name.startswith("_")}
    return {name: each for name, each in functions.items() if inspect.isroutine(each) and hasattr(each, MARK)}


def answer_of(plugin: object, hook: str, settings: Any = None) -> Sequence[Any]:
    """What a plugin answers to a hook that asks for a list; nothing when it does not implement it."""
    function = hooks_of(plugin).get(hook)
    if function is None:
        return ()
    answer = function(settings) if inspect.signature(function).parameters else function()
    if not isinstance(answer, list | tuple):
        raise AssertionError(f"{hook}() answered {answer!r} instead of a list")
    return answer


def hook_mistakes(plugin: object) -> list[str]:
    """Everything that keeps a hook from being asked."""
    found = []
    marked = hooks_of(plugin)
    if not marked:
        found.append("no function is marked with @hookimpl")
    for name, function in marked.items():
        if name not in HOOKS:
            found.append(f"{name}() is not a hook; there are {', '.join(HOOKS)}")
            continue
        if inspect.iscoroutinefunction(function):
            found.append(f"{name}() is async; hooks answer at once")
        known = set(inspect.signature(getattr(hooks, name)).parameters)
        asked = set(inspect.signature(function).parameters)
        found += [f"{name}() takes {each!r}, which it is not given" for each in sorted(asked - known)]
    own = getattr(plugin, "__name__", "")
    for name in HOOKS:
        function = getattr(plugin, name, None)
        if name not in marked and inspect.isroutine(function) and getattr(function, "__module__", "") == own:
            found.append(f"{name}() is not marked with @hookimpl")
    return found
