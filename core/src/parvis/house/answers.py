"""What the answer to each hook must be: its type, and whether the nouns in it can work."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args

import msgspec
from msgspec import Struct

from parvis.house.origins import folder_of, module_of
from parvis.house.papers import unreadable, with_sources
from parvis.house.sources import where_declared
from parvis_sdk.channels import Channel
from parvis_sdk.connectors import Connector
from parvis_sdk.events import Event
from parvis_sdk.locators import Locator
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.request_types import RequestType, dump_type, load_type
from parvis_sdk.subscriptions import Need, Subscription
from parvis_sdk.text import Text

NAME = re.compile(r"[a-z][a-z0-9_-]{1,59}")


class Wrong(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with an answer: on which line, when one is known, and in which part of it."""

    line: str = ""
    part: str = ""
    what: str
    now_what: str


def settings_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A class of settings."""
    if not (inspect.isclass(answer) and issubclass(answer, Struct)):
        now_what = "answer the class itself, a subclass of msgspec.Struct"
        yield Wrong(what=f"it answered {shown(answer).en} instead of a struct", now_what=now_what)


def request_type_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of request types, each without a slip and the same when it comes back from the database."""
    yield from _list_wrongs(answer, RequestType)
    kinds = [each for each in items(answer) if isinstance(each, RequestType)]
    yield from _twice([kind.code for kind in kinds], "request types")
    for kind in kinds:
        try:
            stored = load_type(dump_type(kind))
        except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
            what = f"request type {kind.code!r} is not made of what it should be: {error}"
            yield Wrong(what=what, now_what="give each part the type that its declaration names")
            continue
        for document, reason in unreadable(stored, folder_of(plugin)):
            now_what = "add the file to the package, or correct its name"
            yield Wrong(part=f"request type {kind.code!r} · document {document.code!r}", what=reason, now_what=now_what)
        for slip in with_sources(stored, folder_of(plugin)).slips():
            inner = slip.where.rpartition(" · ")[2]
            part = slip.where.removesuffix(inner).removesuffix(" · ") if slip.what.startswith(inner) else slip.where
            line = where_declared(kind, slip, module_of(plugin))
            yield Wrong(line=line, part=part, what=slip.what, now_what=slip.now_what)


def subscription_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of subscriptions to events that exist, with handlers that can be awaited."""
    yield from _list_wrongs(answer, Subscription)
    subscriptions = [each for each in items(answer) if isinstance(each, Subscription)]
    yield from _twice([each.name for each in subscriptions], "subscriptions")
    for each in subscriptions:
        who = f"subscription {each.name!r}"
        if not each.events or not all(map(_is_event, each.events)):
            yield Wrong(what=f"{who} names no event", now_what="give @on at least one class of parvis_sdk.events")
        if not _is_async(each.handler):
            yield Wrong(what=f"{who} has a handler that is not async", now_what="write it with `async def`")
        yield from _need_wrongs(who, each.needs)


def channel_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of channels, each with a name and an async `send`."""
    yield from _noun_wrongs(answer, Channel, ("send",))


def connector_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of connectors to other systems: events that exist, known needs, and async functions."""
    yield from _list_wrongs(answer, Connector)
    connectors = [each for each in items(answer) if isinstance(each, Connector)]
    yield from _twice([each.name for each in connectors], "connectors")
    for each in connectors:
        who = f"connector {each.name!r}"
        if not NAME.fullmatch(str(each.name)):
            yield Wrong(what=f"{who} has no usable name", now_what="write it in small letters, digits, _ and -")
        if not (each.events or each.layers) or not all(map(_is_event, each.events)):
            yield Wrong(what=f"{who} names no event", now_what="give it at least one class of parvis_sdk.events")
        for layer in each.layers:
            if not NAME.fullmatch(str(layer)):
                what = f"{who} has a layer without a usable name, {layer!r}"
                yield Wrong(what=what, now_what="write it in small letters, digits, _ and -")
        yield from _need_wrongs(who, each.needs)
        for name in ("deliver", "changes", "understand", "check", "listed", "trial"):
            function = getattr(each, name)
            if function is not None and not _is_async(function):
                yield Wrong(what=f"{who} has a {name} that is not async", now_what="write it with `async def`")


def locator_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of locators, each with a name and three async methods."""
    yield from _noun_wrongs(answer, Locator, ("find", "address_at", "facts_at"))


def payment_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of payment providers, each with a name, a title and five async methods."""
    yield from _noun_wrongs(answer, PaymentProvider, ("begin", "understand", "look_up", "listed", "refund"))


CHECKS: dict[str, Callable[[Any, object], Iterator[Wrong]]] = {
    "settings": settings_wrongs,
    "request_types": request_type_wrongs,
    "subscriptions": subscription_wrongs,
    "channels": channel_wrongs,
    "connectors": connector_wrongs,
    "locators": locator_wrongs,
    "payments": payment_wrongs,
}


def items(answer: Any) -> Sequence[Any]:
    """The members of an answer that is a list, and nothing of any other."""
    return answer if isinstance(answer, list | tuple) else ()


def shown(value: Any) -> Text:
    """A value as a message names it: what it is, and not all of it."""
    if value is None:
        return Text(fr="rien", en="nothing")
    if inspect.isclass(value):
        return Text(fr=f"la classe {value.__name__}", en=f"the class {value.__name__}")
    if inspect.isroutine(value):
        return Text(fr=f"la fonction {value.__name__}()", en=f"the function {value.__name__}()")
    kind = type(value).__name__
    return Text(fr=f"une valeur de type {kind}", en=f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}")


def _list_wrongs(answer: Any, kind: type) -> Iterator[Wrong]:
    if not isinstance(answer, list | tuple):
        yield Wrong(
            what=f"it answered {shown(answer).en} instead of a list", now_what=f"answer a list of {kind.__name__}"
        )
    for place, member in enumerate(items(answer)):
        if inspect.isclass(member) or not isinstance(member, kind):
            what = f"it answered {shown(member).en} at place {place} instead of a {kind.__name__}"
            yield Wrong(what=what, now_what=f"answer a list of {kind.__name__} only")


def _noun_wrongs(
    answer: Any, kind: type[Channel | Locator | PaymentProvider], methods: tuple[str, ...]
) -> Iterator[Wrong]:
    yield from _list_wrongs(answer, kind)
    nouns = [each for each in items(answer) if not inspect.isclass(each) and isinstance(each, kind)]
    noun = re.sub(r"(?<!^)([A-Z])", r" \1", kind.__name__).lower()
    yield from _twice([each.name for each in nouns], f"{noun}s")
    for each in nouns:
        name: Any = each.name
        who = f"{noun} {name!r}"
        if not isinstance(name, str) or not name:
            yield Wrong(what=f"{who} has no name", now_what="give it a short name in small letters")
        for method in methods:
            if not _is_async(getattr(each, method)):
                yield Wrong(what=f"{who} has a {method}() that is not async", now_what="write it with `async def`")


def _need_wrongs(who: str, needs: Sequence[str]) -> Iterator[Wrong]:
    for need in needs:
        if need not in get_args(Need):
            offered = ", ".join(get_args(Need))
            yield Wrong(what=f"{who} needs {need!r}, which is unknown", now_what=f"use one of {offered}")


def _twice(names: list[Any], things: str) -> Iterator[Wrong]:
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Wrong(what=f"two {things} have the name {name!r}", now_what="give each its own")


def _is_event(event: Any) -> bool:
    return inspect.isclass(event) and issubclass(event, Event)


def _is_async(function: Any) -> bool:
    called = function if inspect.isroutine(function) else type(function).__call__
    return inspect.iscoroutinefunction(called)
