"""One pass over several deliveries of the host's own code: read, told, written and mailed together.

A request about which something goes wrong leaves the pass and is seen through by itself, as is everything where the
pass as a whole fails: what is bad about one holds no other up.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

import msgspec
import structlog

from parvis import clock
from parvis.outbox import DeliveryClaim, circuits
from parvis.outbox.deliveries import CHANNEL, Hold
from parvis.plugins import PluginRegistry
from parvis.plugins.registry import module_of
from parvis.plugins.trying import Failure, Success, attempt, caught
from parvis.requests.applied_outcomes import settle_each, settle_messages
from parvis.requests.host import Host
from parvis.requests.payloads import Beside, read_beside
from parvis.requests.records import Record, get_each
from parvis.worker.dispatch import (
    DispatchResult,
    Receiver,
    is_of_host,
    message_in,
    needs_of,
    outcome_of,
    receiver_of,
    request_told,
)
from parvis_sdk.events import AnyEvent
from parvis_sdk.subscriptions import Outcome

LONGEST = 10.0  # seconds for telling all, and for giving all to their channel; within what a claim is held for
Left = tuple[DeliveryClaim, DispatchResult | None]
"""A delivery that is to be seen through by itself, with what came of it so far."""
Answered = tuple[DeliveryClaim, Success[Outcome] | Failure]
log = structlog.get_logger("parvis.worker")


class PassResult(NamedTuple):
    """What is done, what is left, and the messages that this worker holds from now on."""

    done: tuple[Answered, ...] = ()
    left: tuple[Left, ...] = ()
    held: tuple[DeliveryClaim, ...] = ()


def may_go_together(plugins: PluginRegistry, subscriber: str) -> bool:
    """Whether this is code of the host that waits for nobody outside: a handler, or a channel that takes several."""
    if subscriber.startswith(CHANNEL):
        channel = plugins.channels.get(subscriber.removeprefix(CHANNEL))
        module, quiet = module_of(channel), getattr(getattr(channel, "contact_method", None), "quiet", None)
        takes_several = hasattr(channel, "send_all") and getattr(channel, "repeats", True) and quiet is None
        return takes_several and module is not None and is_of_host(module.__name__)
    named = plugins.subscription(subscriber)
    if named is None or named.subscription.is_granted_apart:
        return False
    return is_of_host(getattr(named.subscription.handler, "__module__", "") or "")


def goes_together(claimed: DeliveryClaim) -> bool:
    """Whether it is a first try of which nothing is known: no probe, no announcement that somebody keeps books of."""
    return claimed.attempts == 1 and not claimed.is_probe and not claimed.word


async def tell_together(
    host: Host, claims: Sequence[DeliveryClaim], carried: Collection[str], lease: timedelta, seconds: float
) -> PassResult:
    """Tell the handler of these events. What it wants told by the subscribers `carried` is held for the next pass."""
    receiver = receiver_of(host.plugins, claims[0])
    if receiver is None:
        return PassResult()  # its plugin is gone: shown by `park`
    told = await attempt(partial(_told, host, claims, receiver), min(seconds, LONGEST), function=receiver.function)
    if isinstance(told, Failure):
        log.warning("a pass failed", subscriber=claims[0].subscriber, many=len(claims), trouble=str(told))
        return PassResult(left=_alone(claims))
    plain = [(each, said.value) for each, said in told.value if isinstance(said, Success) and _only_tells(said.value)]
    settled = await caught(partial(_settle, host, plain, carried, lease))
    if isinstance(settled, Failure):
        log.warning("a pass could not be written", subscriber=claims[0].subscriber, trouble=str(settled))
    done, held = settled.value if isinstance(settled, Success) else (frozenset[UUID](), ())
    left = tuple((each, DispatchResult(tried=said)) for each, said in told.value if each.id not in done)
    return PassResult(tuple(each for each in told.value if each[0].id in done), left, held)


async def send_together(host: Host, claims: Sequence[DeliveryClaim], seconds: float) -> PassResult:
    """Give these messages to their channel at once; what was done and left."""
    channel = host.plugins.channels[claims[0].channel]
    send_all: Callable[..., Awaitable[tuple[str, ...]]] = channel.send_all  # type: ignore[attr-defined]
    messages = await caught(partial(_messages, claims))
    if isinstance(messages, Failure):
        return PassResult(left=_alone(claims))
    sent = await attempt(partial(send_all, messages.value), min(seconds, LONGEST), function=send_all)
    if isinstance(sent, Failure):
        log.warning("a pass could not be sent", subscriber=claims[0].subscriber, many=len(claims), trouble=str(sent))
        return PassResult(left=_alone(claims))
    answers = tuple(
        (each, Success(value=Outcome(external_reference=receipt)))
        for each, receipt in zip(claims, sent.value, strict=True)
    )
    settled = await caught(partial(settle_messages, host, claims, sent.value))
    if isinstance(settled, Failure):
        return PassResult(left=tuple((each, DispatchResult(tried=answer)) for each, answer in answers))
    return PassResult(done=answers)


async def _settle(
    host: Host, plain: Sequence[tuple[DeliveryClaim, Outcome]], carried: Collection[str], lease: timedelta
) -> tuple[frozenset[UUID], tuple[DeliveryClaim, ...]]:
    if not plain:
        return frozenset(), ()
    channels = {f"{CHANNEL}{message.channel}" for _, outcome in plain for message in outcome.messages}
    able = sorted(channels.intersection(carried))
    free = frozenset(able) - await circuits.troubled(able)
    hold = Hold(worker=plain[0][0].worker, until=clock.now() + lease, subscribers=free) if free else None
    return await settle_each(host, plain, hold)


async def _told(host: Host, claims: Sequence[DeliveryClaim], receiver: Receiver) -> tuple[Answered, ...]:
    """The answer of the handler to each, or how it failed; everything is read before, once for all."""
    records = await get_each({each.request for each in claims})
    needs = needs_of(host.plugins, claims[0])
    beside = await read_beside(host, tuple(records.values()), needs, remembered_by=claims[0].plugin)
    answers: list[Answered] = []
    for each in claims:
        await asyncio.sleep(0)  # the loop turns meanwhile
        call = partial(_answer, host, each, records, beside, receiver)
        said = await caught(call, function=receiver.function, module=receiver.module)
        answers.append((each, said.value if isinstance(said, Success) else said))
    return tuple(answers)


async def _answer(
    host: Host, claimed: DeliveryClaim, records: Mapping[UUID, Record], beside: Beside, receiver: Receiver
) -> Success[Outcome] | Failure:
    event = msgspec.json.decode(claimed.event, type=AnyEvent)
    request = await request_told(host, claimed, records[claimed.request], event, beside)
    return outcome_of(await receiver.function(event, request), receiver)


def _only_tells(outcome: Outcome) -> bool:
    """Whether there is nothing in it but messages."""
    return outcome == Outcome(messages=outcome.messages)


async def _messages(claims: Sequence[DeliveryClaim]) -> list[object]:
    return [message_in(each) for each in claims]


def _alone(claims: Iterable[DeliveryClaim]) -> tuple[Left, ...]:
    return tuple((each, None) for each in claims)
