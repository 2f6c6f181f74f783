"""What the answer to each hook must be: its type, and whether the nouns in it can work."""

import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_args

import msgspec
from msgspec import Struct

from parvis.plugins import answer_words as said
from parvis.plugins.document_templates import unreadable, with_sources
from parvis.plugins.registry import folder_of, module_of
from parvis.plugins.sources import where_declared
from parvis.troubles import Words
from parvis_sdk.channels import Channel
from parvis_sdk.connectors import Connector
from parvis_sdk.contact_methods import mistakes_in
from parvis_sdk.events import Event
from parvis_sdk.locators import Locator
from parvis_sdk.payments import PaymentProvider
from parvis_sdk.request_types import RequestType, dump_type, load_type, nouns_of
from parvis_sdk.subscriptions import Need, Subscription
from parvis_sdk.text import Text

NAME = re.compile(r"[a-z][a-z0-9_-]{1,59}")


class Wrong(Struct, frozen=True, kw_only=True):
    """One thing that is wrong with an answer: on which line, when one is known, and in which part of it."""

    line: str = ""
    part: str = ""
    what: Words
    now_what: Words


def settings_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A class of settings."""
    if not (inspect.isclass(answer) and issubclass(answer, Struct)):
        what = said.INSTEAD.format(given=shown(answer), wanted=said.A_STRUCT)
        yield Wrong(what=what, now_what=said.THE_CLASS)


def request_type_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of request types, each without a slip and the same when it comes back from the database."""
    yield from _list_wrongs(answer, RequestType)
    kinds = [each for each in items(answer) if isinstance(each, RequestType)]
    yield from _twice([kind.code for kind in kinds], said.REQUEST_TYPES)
    for kind in kinds:
        try:
            stored = load_type(dump_type(kind), nouns_of(kind))
        except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
            what = said.MADE_OF.format(code=repr(kind.code), error=error)
            yield Wrong(what=what, now_what=said.GIVE_TYPES)
            continue
        for document, reason in unreadable(stored, folder_of(plugin)):
            part = f"request type {kind.code!r} · document {document.code!r}"
            yield Wrong(part=part, what=reason, now_what=said.ADD_THE_FILE)
        for slip in with_sources(stored, folder_of(plugin)).slips():
            inner = slip.where.rpartition(" · ")[2]
            part = slip.where.removesuffix(inner).removesuffix(" · ") if slip.what.startswith(inner) else slip.where
            line = where_declared(kind, slip, module_of(plugin))
            yield Wrong(line=line, part=part, what=slip.what, now_what=slip.now_what)


def subscription_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of subscriptions to events that exist, with handlers that can be awaited."""
    yield from _list_wrongs(answer, Subscription)
    subscriptions = [each for each in items(answer) if isinstance(each, Subscription)]
    yield from _twice([each.name for each in subscriptions], said.SUBSCRIPTIONS)
    for each in subscriptions:
        who = said.A_SUBSCRIPTION.format(name=repr(each.name))
        if not each.events or not all(map(_is_event, each.events)):
            yield Wrong(what=said.NO_EVENT.format(who=who), now_what=said.GIVE_ON)
        if not _is_async(each.handler):
            yield Wrong(what=said.NOT_ASYNC.format(who=who, name="handler"), now_what=said.ASYNC_DEF)
        yield from _need_wrongs(who, each.needs)


def channel_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of channels, each with a name and an async `send`."""
    yield from _noun_wrongs(answer, Channel, ("send",))
    for each in items(answer):
        method = getattr(each, "contact_method", None)
        if method is not None and isinstance(each, Channel) and not inspect.isclass(each):
            yield from (Wrong(what=what, now_what=said.AS_DOCUMENTED) for what in mistakes_in(method, str(each.name)))


def connector_wrongs(answer: Any, plugin: object) -> Iterator[Wrong]:
    """A list of connectors to other systems: events that exist, known needs, and async functions."""
    yield from _list_wrongs(answer, Connector)
    connectors = [each for each in items(answer) if isinstance(each, Connector)]
    yield from _twice([each.name for each in connectors], said.CONNECTORS)
    for each in connectors:
        who = said.A_CONNECTOR.format(name=repr(each.name))
        if not NAME.fullmatch(str(each.name)):
            yield Wrong(what=said.NO_USABLE_NAME.format(who=who), now_what=said.SMALL_LETTERS)
        if not (each.events or each.layers) or not all(map(_is_event, each.events)):
            yield Wrong(what=said.NO_EVENT.format(who=who), now_what=said.GIVE_IT)
        for layer in each.layers:
            if not NAME.fullmatch(str(layer)):
                what = said.NO_LAYER_NAME.format(who=who, layer=repr(layer))
                yield Wrong(what=what, now_what=said.SMALL_LETTERS)
        yield from _need_wrongs(who, each.needs)
        for name in ("deliver", "changes", "understand", "check", "listed", "trial"):
            function = getattr(each, name)
            if function is not None and not _is_async(function):
                yield Wrong(what=said.NOT_ASYNC.format(who=who, name=name), now_what=said.ASYNC_DEF)


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
        what = said.INSTEAD.format(given=shown(answer), wanted=said.A_LIST)
        yield Wrong(what=what, now_what=said.ANSWER_LIST.format(kind=kind.__name__))
    for place, member in enumerate(items(answer)):
        if inspect.isclass(member) or not isinstance(member, kind):
            what = said.AT_PLACE.format(given=shown(member), place=place, kind=kind.__name__)
            yield Wrong(what=what, now_what=said.ONLY.format(kind=kind.__name__))


def _noun_wrongs(
    answer: Any, kind: type[Channel | Locator | PaymentProvider], methods: tuple[str, ...]
) -> Iterator[Wrong]:
    yield from _list_wrongs(answer, kind)
    nouns = [each for each in items(answer) if not inspect.isclass(each) and isinstance(each, kind)]
    one, several = said.NOUNS[kind]
    yield from _twice([each.name for each in nouns], several)
    for each in nouns:
        name: Any = each.name
        who = one.format(name=repr(name))
        if not isinstance(name, str) or not name:
            yield Wrong(what=said.NO_NAME.format(who=who), now_what=said.SHORT_NAME)
        for method in methods:
            if not _is_async(getattr(each, method)):
                yield Wrong(what=said.NOT_ASYNC.format(who=who, name=f"{method}()"), now_what=said.ASYNC_DEF)


def _need_wrongs(who: Text, needs: Sequence[str]) -> Iterator[Wrong]:
    for need in needs:
        if need not in get_args(Need):
            offered = ", ".join(get_args(Need))
            what = said.UNKNOWN_NEED.format(who=who, need=repr(need))
            yield Wrong(what=what, now_what=said.ONE_OF.format(offered=offered))


def _twice(names: list[Any], things: Text) -> Iterator[Wrong]:
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        yield Wrong(what=said.SAME_NAME.format(things=things, name=repr(name)), now_what=said.EACH_ITS_OWN)


def _is_event(event: Any) -> bool:
    return inspect.isclass(event) and issubclass(event, Event)


def _is_async(function: Any) -> bool:
    called = function if inspect.isroutine(function) else type(function).__call__
    return inspect.iscoroutinefunction(called)
