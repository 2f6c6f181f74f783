"""The mistakes of a subscription that show without an event: its events, needs, types, facts and handler."""

import inspect
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from parvis_sdk.errors import LEFT_OUT, DeclarationMistake
from parvis_sdk.events import Event, Happened
from parvis_sdk.request_types import RequestType
from parvis_sdk.scope_mistakes import scope_mistakes
from parvis_sdk.subscriptions import Need, Subscription
from parvis_sdk.text import Text

NEVER_RECEIVED = Text(fr="elle ne le reçoit jamais", en="it never receives it")
NEVER_RIGHT = Text(fr="chaque événement y échoue", en="every event fails there")
NO_EVENT = Text(fr="aucun événement n’est nommé", en="it names no event")
GIVE_ON = Text(
    fr="donnez à @on au moins une classe de parvis_sdk.events", en="give @on at least one class of parvis_sdk.events"
)
NOT_ASYNC = Text(fr="sa fonction n’est pas async", en="its handler is not async")
ASYNC_DEF = Text(fr="écrivez-la avec `async def`", en="write it with `async def`")
UNKNOWN_NEED = Text(fr="le besoin {need} est inconnu", en="it needs {need}, which is unknown")
ONE_OF = Text(fr="prenez-en un parmi {offered}", en="use one of {offered}")
NOT_TWO = Text(fr="sa fonction ne prend pas (event, request)", en="its handler does not take (event, request)")
TWO = Text(fr="écrivez `async def {name}(event, request)`", en="write `async def {name}(event, request)`")
NOT_THREE = Text(
    fr="elle déclare finds, et sa fonction ne prend pas (event, request, finder)",
    en="it declares finds, and its handler does not take (event, request, finder)",
)
THREE = Text(
    fr="écrivez `async def {name}(event, request, finder)`", en="write `async def {name}(event, request, finder)`"
)
UNKNOWN_TYPE = Text(fr="aucun type de requête n’a le code {code}", en="no request type has the code {code}")
UNKNOWN_FACT = Text(fr="rien ici ne fait arriver {fact}", en="nothing here makes {fact} happen")
NO_HAPPENED = Text(fr="des faits sont nommés, et non Happened", en="it names facts, and not Happened")
ADD_HAPPENED = Text(fr="ajoutez Happened à ses événements", en="add Happened to its events")
DID_YOU_MEAN = Text(fr="{near}, peut-être?", en="did you mean {near}?")
CORRECT_IT = Text(fr="corrigez-le, ou retirez-le", en="correct it, or take it out")


def subscription_mistakes(
    subscription: Subscription, types: Mapping[str, RequestType], *, elsewhere: Collection[str] = (), whole: bool = True
) -> Iterator[DeclarationMistake]:
    """Every mistake of one subscription; `types` are those that are declared, by code.

    `elsewhere` are codes of types that other plugins declare. Where not all that is declared is known (`whole` is
    false), a fact that may be one of theirs is let pass.
    """
    where = f"subscription {subscription.name!r}"
    if not _are_events(subscription.events):
        yield DeclarationMistake(where=where, what=NO_EVENT, so_what=LEFT_OUT, now_what=GIVE_ON)
        return
    yield from _handler_mistakes(subscription, where)
    for need in subscription.needs:
        if need not in get_args(Need):
            what, now_what = UNKNOWN_NEED.format(need=repr(need)), ONE_OF.format(offered=", ".join(get_args(Need)))
            yield DeclarationMistake(where=where, what=what, so_what=LEFT_OUT, now_what=now_what)
    yield from heard_mistakes(subscription, types, elsewhere=elsewhere, whole=whole)


def heard_mistakes(
    subscription: Subscription, types: Mapping[str, RequestType], *, elsewhere: Collection[str] = (), whole: bool = True
) -> Iterator[DeclarationMistake]:
    """The types and facts that a subscription names and nobody declares."""
    where = f"subscription {subscription.name!r}"
    for code in subscription.types:
        if code not in types and code not in elsewhere:
            yield _unknown(UNKNOWN_TYPE.format(code=repr(code)), code, types, where)
    yield from _fact_mistakes(subscription, types, where, whole)
    yield from scope_mistakes(subscription, types, elsewhere=elsewhere)


def _are_events(events: Any) -> bool:
    classes = isinstance(events, tuple) and events and all(map(inspect.isclass, events))
    return bool(classes) and all(issubclass(each, Event) for each in events)


def _handler_mistakes(subscription: Subscription, where: str) -> Iterator[DeclarationMistake]:
    handler: Any = subscription.handler
    called = handler if inspect.isroutine(handler) else type(handler).__call__
    if not inspect.iscoroutinefunction(getattr(called, "func", called)):
        yield DeclarationMistake(where=where, what=NOT_ASYNC, so_what=LEFT_OUT, now_what=ASYNC_DEF)
    if not takes_what_it_is_given(subscription):
        what, now_what = given_otherwise(subscription)
        yield DeclarationMistake(where=where, what=what, so_what=NEVER_RIGHT, now_what=now_what)


def takes_what_it_is_given(subscription: Subscription) -> bool:
    """Whether its handler can be called with an event and a request; with a finder too where it declares a scope."""
    given = (None, None, None) if subscription.finds else (None, None)
    try:
        inspect.signature(subscription.handler).bind(*given)
    except TypeError:
        return False
    return True


def given_otherwise(subscription: Subscription) -> tuple[Text, Text]:
    """Why a handler cannot be called with its arguments, and how to write it."""
    what, now_what = (NOT_THREE, THREE) if subscription.finds else (NOT_TWO, TWO)
    return what, now_what.format(name=subscription.name)


def _fact_mistakes(
    subscription: Subscription, types: Mapping[str, RequestType], where: str, whole: bool
) -> Iterator[DeclarationMistake]:
    if not subscription.facts:
        return
    if not any(issubclass(Happened, each) for each in subscription.events):
        yield DeclarationMistake(where=where, what=NO_HAPPENED, so_what=NEVER_RECEIVED, now_what=ADD_HAPPENED)
    heard = [types[code] for code in subscription.types or types if code in types]
    known = {fact for request_type in heard for fact in request_type.facts()}
    surely = whole or (bool(subscription.types) and all(code in types for code in subscription.types))
    for fact in subscription.facts:
        if fact not in known and (surely or get_close_matches(fact, known, 1, 0.8)):
            yield _unknown(UNKNOWN_FACT.format(fact=repr(fact)), fact, known, where)


def _unknown(what: Text, named: str, known: Collection[str], where: str) -> DeclarationMistake:
    near = get_close_matches(named, sorted(known), 1, 0.6)
    now_what = DID_YOU_MEAN.format(near=repr(near[0])) if near else CORRECT_IT
    return DeclarationMistake(where=where, what=what, so_what=NEVER_RECEIVED, now_what=now_what)
