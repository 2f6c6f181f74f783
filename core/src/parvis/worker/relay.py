"""The relay: claims what is due, hands each delivery over outside any transaction, and applies what came back."""

import asyncio
import hashlib
import os
import random
import secrets
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from msgspec import Struct

from parvis import clock
from parvis.db import DatabaseTrouble, HouseRuleBroken, in_transaction, transaction
from parvis.outbox import DeliveryClaim, circuits, claim, deliveries
from parvis.outbox.deliveries import CONNECTOR
from parvis.plugins import Origin
from parvis.plugins.trying import Failure, Success, caught
from parvis.requests.announcements import sent_again
from parvis.requests.applied_outcomes import settle
from parvis.requests.host import Host
from parvis.requests.known_towns import of_towns_away
from parvis.spans import span
from parvis.worker import verdicts
from parvis.worker.dispatch import DispatchResult, Receiver, dispatch, known_to, quiet_until, receiver_of
from parvis.worker.passes import (
    Known,
    PassResult,
    goes_together,
    known_of,
    may_go_together,
    never_waits,
    send_together,
    tell_together,
)
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

ITS_ANSWER = Text(fr="sa réponse n’a pas pu être écrite\u00a0: {why}", en="its answer could not be written: {why}")
log = structlog.get_logger("parvis.worker")

BOOT = Path("/proc/sys/kernel/random/boot_id")  # of Linux: another one after each start of the machine


def _this_machine() -> str:
    """What the workers of this machine are named by, as long as it runs; no other has it, however alike its name."""
    name = boot = socket.gethostname()
    with suppress(OSError):
        boot += BOOT.read_text("ascii")
    return f"{name[:30]}-{hashlib.sha256(boot.encode()).hexdigest()[:8]}"


MACHINE = _this_machine()
WRITES = 6  # tries of writing an answer down, so that a busy database does not make a handler run twice
FIRST_WAIT = 0.2  # seconds between those tries, doubling
WRITING = timedelta(seconds=60)  # what writing an answer down may last, with room
TOWN_AWAY = timedelta(minutes=10)  # after which it is seen whether the folder of a town is there again
SOON = 1.0  # seconds after which a delivery counts as slow


class Limits(Struct, frozen=True, kw_only=True):
    """How long a handler may take, how many run at once, how many of one subscriber, how long the relay rests."""

    seconds: float = 30.0
    at_once: int = 24
    of_each: int = 8
    shortest_rest: float = 0.05
    longest_rest: float = 1.0
    rest_without_database: float = 5.0


class UnderWay(Struct, frozen=True, kw_only=True):
    """Deliveries that are being seen through: whose they are, how many, and since when by the clock of the machine."""

    subscriber: str
    many: int
    since: float


class TriedDelivery(Struct, frozen=True, kw_only=True):
    """One delivery that was tried, for an observer: what its receiver answered, or why not, after how long."""

    claimed: DeliveryClaim
    origin: Origin
    answer: Outcome | Failure
    seconds: float


class Relay:
    """One worker's relay. Several, in one process or in many, share the outbox."""

    def __init__(
        self,
        host: Host,
        limits: Limits | None = None,
        *,
        name: str = "",
        luck: Callable[[], float] = random.random,
        watched: Callable[[TriedDelivery], None] | None = None,
    ) -> None:
        self.host, self.watched = host, watched
        self.limits = limits or Limits()
        self.name = name or f"{MACHINE}-{os.getpid()}-{secrets.token_hex(3)}"
        self.luck = luck
        paces = {f"{CONNECTOR}{each.name}": each.pace.at_once for each in host.plugins.connectors.values()}
        self._together = {name for name in known_to(host.plugins) if may_go_together(host.plugins, name)}
        of_each = self.limits.of_each
        self._rooms = {
            name: self.limits.at_once if name in self._together else min(paces.get(name, of_each), of_each)
            for name in known_to(host.plugins)
        }
        longest = max((self.limits.seconds, *(each.pace.seconds for each in host.plugins.connectors.values())))
        self._lease = timedelta(seconds=longest) + WRITING
        self._tasks: set[asyncio.Task[int]] = set()
        self._under_way: dict[object, UnderWay] = {}

    def be_careful_with(self, subscribers: Collection[str]) -> None:
        """Hand these one delivery at a time: one of theirs ended a worker, and it is not known which."""
        self._together -= set(subscribers)
        for name in self._rooms.keys() & set(subscribers):
            self._rooms[name] = 1

    async def run(self, stopping: asyncio.Event) -> None:
        """Work until told to stop, then finish what is under way. Cancelled, it leaves that to the next worker."""
        rest = self.limits.shortest_rest
        stop = asyncio.create_task(stopping.wait())
        try:
            while not stopping.is_set():
                try:
                    busy = await self._start_more()
                except DatabaseTrouble as trouble:
                    log.error("the outbox cannot be read", trouble=str(trouble))
                    busy, rest = False, self.limits.rest_without_database
                before = len(self._tasks)
                await asyncio.wait({stop, *self._tasks}, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
                busy = busy or len(self._tasks) < before
                rest = self.limits.shortest_rest if busy else min(rest * 2, self.limits.longest_rest)
            while self._tasks:
                await asyncio.wait(set(self._tasks))
        finally:
            for task in (stop, *self._tasks):
                task.cancel()

    async def step(self) -> int:
        """Claim once and see all of it through; how many deliveries were tried."""
        if in_transaction(self.host.engine):
            raise HouseRuleBroken("the relay inside a unit of work: no plugin code runs there")
        claimed = await self._claim(self.limits.at_once)
        here = await self._of_towns_here(claimed)
        tried = await asyncio.gather(*map(self._see_all_through, self._groups(here)))
        return sum(tried) + len(claimed) - len(here)

    async def drain(self) -> int:
        """Step until nothing is due; how many deliveries were tried."""
        tried = 0
        while step := await self.step():
            tried += step
        return tried

    async def _start_more(self) -> bool:
        # Those that hang are no reason to let others wait: each subscriber has but its own room.
        recent = time.monotonic() - SOON
        free = self.limits.at_once - sum(each.many for each in self._under_way.values() if each.since > recent)
        if free * 2 < self.limits.at_once:
            return False  # a claim costs a transaction: take several at a time
        claimed = await self._claim(free)
        for some in self._groups(await self._of_towns_here(claimed)):
            task = asyncio.create_task(self._see_all_through(some))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(claimed)

    @contextmanager
    def _counted(self, some: Sequence[DeliveryClaim]) -> Iterator[None]:
        """These are under way, for as long as this lasts."""
        key = object()
        self._under_way[key] = UnderWay(subscriber=some[0].subscriber, many=len(some), since=time.monotonic())
        try:
            yield
        finally:
            del self._under_way[key]

    def _groups(self, claimed: Collection[DeliveryClaim]) -> Iterable[list[DeliveryClaim]]:
        """Those that go in one pass together, of one subscriber each, and every other by itself."""
        together: dict[str, list[DeliveryClaim]] = defaultdict(list)
        for each in claimed:
            may = each.subscriber in self._together and goes_together(each)
            together[each.subscriber if may else str(each.id)].append(each)
        return together.values()

    async def _claim(self, most: int) -> tuple[DeliveryClaim, ...]:
        return await claim(self.host.engine, self.name, self._room(), most=most, lease=self._lease)

    def _room(self) -> dict[str, int]:
        busy: Counter[str] = Counter()
        for each in self._under_way.values():
            busy[each.subscriber] += each.many
        return {name: most_of_each - busy[name] for name, most_of_each in self._rooms.items()}

    async def _see_all_through(self, claimed: Sequence[DeliveryClaim]) -> int:
        """From handing over to the written answers, and so with the messages that were written for it meanwhile; how
        many deliveries that were. What leaves a pass is seen through by itself, beside the rest."""
        first = claimed[0]
        with self._counted(claimed), span("pass", first.subscriber):
            if first.subscriber not in self._together or not goes_together(first):
                await self._see_through(first)
                return 1
            result = await self._made(claimed)
        further = [self._see_all_through(some) for some in self._groups(result.held)]
        await asyncio.gather(*further, *(self._see_left(each, known) for each, known in result.left))
        return len(claimed) + len(result.held)

    async def _see_left(self, claimed: DeliveryClaim, known: Known) -> None:
        with self._counted([claimed]), span("pass", claimed.subscriber):
            await self._see_through(claimed, await known_of(known))

    def _carried(self, many: int) -> set[str]:
        """Who may be handed as many messages as soon as they are written: a channel that waits for the outside only
        while it has room for them."""
        room = self._room()
        return {name for name in self._together if never_waits(self.host, name) or room[name] >= many}

    async def _made(self, claimed: Sequence[DeliveryClaim]) -> PassResult:
        """One pass, and what it means for those who watch and for the circuit."""
        began, first = time.monotonic(), claimed[0]
        if first.is_message:
            result = await send_together(self.host, claimed, self.limits.seconds)
        else:
            result = await tell_together(
                self.host, claimed, self._carried(len(claimed)), self._lease, self.limits.seconds
            )
        if (receiver := receiver_of(self.host.plugins, first)) is not None:
            for each, answer in result.done:
                self._say(each, receiver, answer, time.monotonic() - began)
        if result.done and any(each.after_failures for each in claimed):
            await self._written(partial(self._succeeded, first.subscriber))
        return result

    async def _succeeded(self, subscriber: str) -> None:
        async with transaction(self.host.engine):
            await circuits.succeeded([subscriber])

    async def _see_through(self, claimed: DeliveryClaim, known: DispatchResult | None = None) -> None:
        """From handing over to the written answer or verdict. Nothing that happens here reaches another delivery.

        `known` is what its receiver has answered already.
        """
        receiver = receiver_of(self.host.plugins, claimed)
        if receiver is None:
            return  # its plugin is gone: shown by `park`
        failure, said = verdicts.over_before(claimed, receiver), known or DispatchResult()
        if failure is None and claimed.is_cut_off and claimed.is_message and claimed.word:
            failure = await self._noted_again(claimed)
        if failure is None and known is None:
            quiet = await caught(lambda: quiet_until(self.host, claimed, receiver))
            failure = quiet if isinstance(quiet, Failure) else None
            if isinstance(quiet, Success) and quiet.value is not None:
                await self._written(partial(self._put_by, claimed, quiet.value))
                return
        if failure is None:
            began = time.monotonic()
            said = known or await dispatch(self.host, claimed, receiver, self.seconds_for(receiver))
            seconds = time.monotonic() - began
            failure = await self._settled(claimed, receiver, said)
            self._say(claimed, receiver, failure or said.tried, seconds)
        if failure is None:
            return
        verdict = verdicts.judge(claimed, receiver, failure, luck=self.luck())
        about = {"subscriber": claimed.subscriber, "reference": claimed.reference, "attempts": claimed.attempts}
        log.warning("delivery failed", kind=failure.kind, where=failure.where, again=str(verdict.again), **about)
        written = await self._written(
            partial(verdicts.write, self.host, claimed, receiver, failure, verdict, said.log(self.host, claimed))
        )
        if isinstance(written, Failure):  # its lease will pass, and it is tried again
            log.error("the failure of a delivery could not be written", trouble=str(written), **about)

    async def _of_towns_here(self, claimed: Sequence[DeliveryClaim]) -> Sequence[DeliveryClaim]:
        """Those to be seen through now: of a town whose folder is gone nobody knows what to tell, and it waits."""
        waiting = await of_towns_away(self.host.jurisdictions, {each.reference for each in claimed})
        for each in claimed:
            if each.reference in waiting:
                await self._written(partial(self._put_by, each, clock.now() + TOWN_AWAY))
        return [each for each in claimed if each.reference not in waiting]

    def _say(self, claimed: DeliveryClaim, receiver: Receiver, tried: Success[Outcome] | Failure, took: float) -> None:
        if self.watched is not None:
            answer = tried if isinstance(tried, Failure) else tried.value
            self.watched(TriedDelivery(claimed=claimed, origin=receiver.origin, answer=answer, seconds=took))

    async def _noted_again(self, claimed: DeliveryClaim) -> Failure | None:
        """A message that may have arrived goes again: the ledger of its announcement says so before it does."""

        async def note() -> None:
            async with transaction(self.host.engine):
                await sent_again(self.host, claimed.id)

        written = await self._written(note)
        return written if isinstance(written, Failure) else None

    async def _put_by(self, claimed: DeliveryClaim, until: datetime) -> None:
        async with transaction(self.host.engine):
            await deliveries.give_back(claimed, until)

    def seconds_for(self, receiver: Receiver) -> float:
        """How long a receiver may take."""
        return receiver.connector.pace.seconds if receiver.connector else self.limits.seconds

    async def _settled(self, claimed: DeliveryClaim, receiver: Receiver, said: DispatchResult) -> Failure | None:
        if isinstance(said.tried, Failure):
            return verdicts.unless_unknown(claimed, receiver, said.tried)
        written = await self._written(partial(self._settle, claimed, said.tried.value, said))
        if isinstance(written, Failure) and written.kind == "refused":
            return written  # it names what is another's
        if isinstance(written, Failure):
            what = ITS_ANSWER.format(why=written.what)
            failure = Failure(kind=written.kind, what=what, where=written.where)
            return verdicts.unless_unknown(claimed, receiver, failure)
        return None

    async def _settle(self, claimed: DeliveryClaim, outcome: Outcome, said: DispatchResult) -> None:
        also = (*said.log(self.host, claimed), *said.wishes(self.host, claimed, outcome))
        await settle(self.host, claimed, outcome, also)
        if claimed.after_failures:
            await self._succeeded(claimed.subscriber)

    async def _written(self, write: Callable[[], Awaitable[None]]) -> Success[None] | Failure:
        wait = FIRST_WAIT
        for _ in range(WRITES - 1):
            written = await caught(write)
            if isinstance(written, Success) or written.kind != "database":
                return written
            await asyncio.sleep(wait)
            wait *= 2
        return await caught(write)
