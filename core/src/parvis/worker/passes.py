"""One pass over several deliveries of the host's own code: read, told, written and mailed together.

A request about which something goes wrong leaves the pass and is seen through by itself, as is everything where the
pass as a whole fails: what is bad about one holds no other up.
"""

import asyncio
import time
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
from parvis_sdk.channels import Channel
from parvis_sdk.events import AnyEvent
from parvis_sdk.subscriptions import Outcome

LONGEST = 10.0  # seconds for telling all, and for giving all to their channel; within what a claim is held for
PATIENCE = 3.0  # seconds for messages that are sent side by side, after which what is not answered holds no other up
UNWRITTEN = 0.5  # seconds that what was answered may stay so: who dies meanwhile leaves it to be sent again
Known = DispatchResult | asyncio.Task[Success[str] | Failure | None] | None
Left = tuple[DeliveryClaim, Known]
"""A delivery that is to be seen through by itself, with what came of it so far, or with what is still under way."""
Answered = tuple[DeliveryClaim, Success[Outcome] | Failure]
log = structlog.get_logger("parvis.worker")


class PassResult(NamedTuple):
    """What is done, what is left, and the messages that this worker holds from now on."""

    done: tuple[Answered, ...] = ()
    left: tuple[Left, ...] = ()
    held: tuple[DeliveryClaim, ...] = ()


def may_go_together(plugins: PluginRegistry, subscriber: str) -> bool:
    """Whether this is code of the host that takes several: a handler, or a channel, at once or side by side."""
    if subscriber.startswith(CHANNEL):
        channel = plugins.channels.get(subscriber.removeprefix(CHANNEL))
        module, quiet = module_of(channel), getattr(getattr(channel, "contact_method", None), "quiet", None)
        takes_several = any(hasattr(channel, each) for each in ("send_all", "side_by_side"))
        takes_several = takes_several and getattr(channel, "repeats", True) and quiet is None
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


def never_waits(host: Host, subscriber: str) -> bool:
    """Whether a channel takes all at once, and so keeps nobody waiting however many are given to it."""
    return hasattr(host.plugins.channels.get(subscriber.removeprefix(CHANNEL)), "send_all")


async def send_together(host: Host, claims: Sequence[DeliveryClaim], seconds: float) -> PassResult:
    """Give these messages to their channel, at once or side by side; what was done and left."""
    channel = host.plugins.channels[claims[0].channel]
    if not hasattr(channel, "send_all"):
        return await _send_side_by_side(host, channel, claims, seconds)
    send_all: Callable[..., Awaitable[tuple[str, ...]]] = channel.send_all
    messages = await caught(partial(_messages, claims))
    if isinstance(messages, Failure):
        return PassResult(left=_alone(claims))
    sent = await attempt(partial(send_all, messages.value), min(seconds, LONGEST), function=send_all)
    if isinstance(sent, Failure):
        log.warning("a pass could not be sent", subscriber=claims[0].subscriber, many=len(claims), trouble=str(sent))
        return PassResult(left=_alone(claims))
    return await _receipts(host, tuple(zip(claims, sent.value, strict=True)))


async def _send_side_by_side(
    host: Host, channel: Channel, claims: Sequence[DeliveryClaim], seconds: float
) -> PassResult:
    """Each message has its own time and its own answer. What is slow is left to go on by itself: the room of the pass
    is free for others, and what was answered meanwhile is written for all of it."""
    room, begins_until = asyncio.Semaphore(2 * channel.side_by_side), time.monotonic() + LONGEST  # type: ignore[attr-defined]
    sending = {
        asyncio.create_task(_send_in_its_turn(channel, each, room, begins_until, seconds)): each for each in claims
    }
    waiting, until = set(sending), time.monotonic() + PATIENCE
    done: list[Answered] = []
    left: list[Left] = []
    try:
        while waiting and (rest := until - time.monotonic()) > 0:
            ended, waiting = await asyncio.wait(waiting, timeout=min(rest, UNWRITTEN))
            said = [(each, task, task.result()) for task, each in sending.items() if task in ended]
            receipts = [(each, answer.value) for each, _, answer in said if isinstance(answer, Success)]
            written = await _receipts(host, receipts)
            done += written.done
            left += written.left
            left += [(each, _known(task)) for each, task, answer in said if not isinstance(answer, Success)]
    except asyncio.CancelledError:
        for task in sending:
            task.cancel()
        raise
    left += [(sending[task], _known(task)) for task in waiting]
    return PassResult(done=tuple(done), left=tuple(left))


async def _send_in_its_turn(
    channel: Channel, claimed: DeliveryClaim, room: asyncio.Semaphore, begins_until: float, seconds: float
) -> Success[str] | Failure | None:
    """What the channel says of one message; None where its turn did not come in time."""
    async with room:
        if time.monotonic() > begins_until:
            return None

        async def send() -> str:
            return await channel.send(message_in(claimed))

        return await attempt(send, seconds, function=channel.send)


def _known(sending: asyncio.Task[Success[str] | Failure | None]) -> Known:
    return sending if not sending.done() else _dispatched(sending.result())


def _dispatched(said: Success[str] | Failure | None) -> DispatchResult | None:
    if said is None:
        return None
    return DispatchResult(tried=said if isinstance(said, Failure) else _outcome(said.value))


def _outcome(receipt: str) -> Success[Outcome]:
    return Success(value=Outcome(external_reference=receipt))


async def known_of(known: Known) -> DispatchResult | None:
    """What came so far of a delivery that left a pass, once it is known."""
    return _dispatched(await known) if isinstance(known, asyncio.Task) else known


async def _receipts(host: Host, receipts: Sequence[tuple[DeliveryClaim, str]]) -> PassResult:
    """Write what a channel answered, for all at once; where that fails each is written by itself."""
    answers = tuple((each, _outcome(receipt)) for each, receipt in receipts)
    claims, words = tuple(each for each, _ in receipts), tuple(receipt for _, receipt in receipts)
    settled = await caught(partial(settle_messages, host, claims, words)) if answers else None
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
