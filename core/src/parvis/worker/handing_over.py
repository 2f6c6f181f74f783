"""Handing one delivery to whom it is for: an event to its handler, a message to its channel; the answer is checked."""

from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import msgspec
from msgspec import Struct, structs

from parvis.house import House, Origin
from parvis.house.answers import shown
from parvis.house.origins import module_of
from parvis.house.sources import where_function_is
from parvis.house.trying import Done, Failure, attempt, caught
from parvis.outbox import Claimed
from parvis.requests.handing import request_for, words_of
from parvis.requests.heart import Heart
from parvis.requests.records import get
from parvis_sdk.channels import OutgoingMessage
from parvis_sdk.events import AnyEvent, Event, MessageDue, Replied, Rescheduled
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome


class Receiver(Struct, frozen=True, kw_only=True):
    """Who a delivery is for: whose code it is, the function, the module that declares it."""

    origin: Origin
    function: Callable[..., Awaitable[Any]]
    module: ModuleType | None


def known_to(house: House) -> tuple[str, ...]:
    """The subscribers that this worker can hand something to."""
    return (*(each.name for each in house.subscriptions), *(f"channel:{name}" for name in house.channels))


def receiver_of(house: House, claimed: Claimed) -> Receiver | None:
    """Whom a delivery is for; None when no plugin of that name is installed here."""
    if claimed.is_message:
        channel = house.channels.get(claimed.channel)
        owner = next((each for each in house.plugins.values() if claimed.channel in each.channels), None)
        if channel is None:
            return None
        origin = owner.origin if owner else Origin(name=claimed.channel)
        return Receiver(origin=origin, function=channel.send, module=module_of(channel))
    subscribed = house.subscription(claimed.subscriber)
    if subscribed is None:
        return None
    plugin = house.plugins.get(subscribed.origin.name)
    module = module_of(plugin.module) if plugin else None
    return Receiver(origin=subscribed.origin, function=subscribed.subscription.handler, module=module)


async def hand_over(heart: Heart, claimed: Claimed, receiver: Receiver, seconds: float) -> Done[Outcome] | Failure:
    """Load what the receiver may know, call it outside any transaction; its answer, or how it failed."""
    call = carry_message if claimed.is_message else tell_event
    loaded = await caught(lambda: call(heart, claimed, receiver))
    if isinstance(loaded, Failure):
        return loaded
    tried = await attempt(loaded.value, seconds, function=receiver.function, module=receiver.module)
    if isinstance(tried, Failure):
        return tried
    return _receipt(tried.value, receiver) if claimed.is_message else _outcome(tried.value, receiver)


async def tell_event(heart: Heart, claimed: Claimed, receiver: Receiver) -> Callable[[], Awaitable[Any]]:
    """The call of a handler with its event and with the request as its stated needs allow."""
    event = msgspec.json.decode(claimed.event, type=AnyEvent)
    request = await request_told(heart, claimed, event)
    return lambda: receiver.function(event, request)


async def request_told(heart: Heart, claimed: Claimed, event: Event) -> ServiceRequest:
    """The request as it stands now; the words of a reply stay out of the outbox and are fetched here."""
    subscribed = heart.house.subscription(claimed.subscriber)
    needs = subscribed.subscription.needs if subscribed else ()
    record = await get(heart, claimed.request)
    request = await request_for(heart, record, needs)
    if isinstance(event, Replied | Rescheduled) and "contact" in needs:
        return structs.replace(request, words=await words_of(record, event.entry))
    return request


async def carry_message(heart: Heart, claimed: Claimed, receiver: Receiver) -> Callable[[], Awaitable[Any]]:
    """The call of a channel with its message."""
    due = msgspec.json.decode(claimed.event, type=MessageDue)
    message = msgspec.convert(due.message, OutgoingMessage)
    return lambda: receiver.function(message)


def _outcome(answer: Any, receiver: Receiver) -> Done[Outcome] | Failure:
    """The outcome as JSON would carry it, so that rubbish in any part of it is found here and not in the database."""
    if answer is None:
        return Done(value=Outcome())
    if not isinstance(answer, Outcome):
        return _rubbish(f"it answered {shown(answer)} instead of an Outcome or nothing", receiver)
    try:
        return Done(value=msgspec.json.decode(msgspec.json.encode(answer), type=Outcome))
    except (msgspec.MsgspecError, TypeError, ValueError, RecursionError) as error:
        return _rubbish(f"it answered an Outcome with rubbish in it: {error}", receiver)


def _receipt(answer: Any, receiver: Receiver) -> Done[Outcome] | Failure:
    if answer is not None and not isinstance(answer, str):
        return _rubbish(f"it answered {shown(answer)} instead of a receipt", receiver)
    return Done(value=Outcome(external_reference=answer or ""))


def _rubbish(what: str, receiver: Receiver) -> Failure:
    return Failure(kind="broken", what=what, where=where_function_is(receiver.function, receiver.module))
