"""The relay: claims what is due, hands each delivery over outside any transaction, and settles what came back."""

import asyncio
import os
import random
import secrets
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import structlog
from msgspec import Struct

from parvis.db import DatabaseTrouble, HouseRuleBroken, in_unit, unit
from parvis.house.trying import Done, Failure, caught
from parvis.outbox import Claimed, circuits, claim
from parvis.requests.heart import Heart
from parvis.requests.settle import settle
from parvis.worker import verdicts
from parvis.worker.handing_over import Receiver, hand_over, known_to, receiver_of
from parvis_sdk.subscriptions import Outcome

log = structlog.get_logger("parvis.worker")

WRITES = 6  # tries of writing an answer down, so that a busy database does not make a handler run twice
FIRST_WAIT = 0.2  # seconds between those tries, doubling


class Limits(Struct, frozen=True, kw_only=True):
    """How long a handler may take, how many run at once, how many of one subscriber, how long the relay rests."""

    seconds: float = 30.0
    at_once: int = 24
    of_each: int = 8
    shortest_rest: float = 0.05
    longest_rest: float = 1.0
    rest_without_database: float = 5.0

    @property
    def lease(self) -> timedelta:
        """How long a claimed delivery is ours: the handler's time, then that of writing its answer down, with room."""
        return timedelta(seconds=self.seconds + 60)


class Relay:
    """One worker's relay. Several, in one process or in many, share the outbox."""

    def __init__(
        self,
        heart: Heart,
        limits: Limits | None = None,
        *,
        name: str = "",
        luck: Callable[[], float] = random.random,
    ) -> None:
        self.heart = heart
        self.limits = limits or Limits()
        self.name = name or f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(3)}"
        self.luck = luck
        self._subscribers = known_to(heart.house)
        self._under_way: dict[asyncio.Task[None], str] = {}

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
                before = len(self._under_way)
                await asyncio.wait({stop, *self._under_way}, timeout=rest, return_when=asyncio.FIRST_COMPLETED)
                busy = busy or len(self._under_way) < before
                rest = self.limits.shortest_rest if busy else min(rest * 2, self.limits.longest_rest)
            while self._under_way:
                await asyncio.wait(set(self._under_way))
        finally:
            for task in (stop, *self._under_way):
                task.cancel()

    async def step(self) -> int:
        """Claim once and see all of it through; how many deliveries were tried."""
        if in_unit(self.heart.engine):
            raise HouseRuleBroken("the relay inside a unit of work: no plugin code runs there")
        claimed = await self._claim(self.limits.at_once)
        await asyncio.gather(*(self._see_through(each) for each in claimed))
        return len(claimed)

    async def drain(self) -> int:
        """Step until nothing is due; how many deliveries were tried."""
        tried = 0
        while step := await self.step():
            tried += step
        return tried

    async def _start_more(self) -> bool:
        free = self.limits.at_once - len(self._under_way)
        if free * 2 < self.limits.at_once:
            return False  # a claim costs a unit: take several at a time
        claimed = await self._claim(free)
        for each in claimed:
            task = asyncio.create_task(self._see_through(each))
            self._under_way[task] = each.subscriber
            task.add_done_callback(self._ended)
        return bool(claimed)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]

    async def _claim(self, most: int) -> tuple[Claimed, ...]:
        busy = Counter(self._under_way.values())
        room = {name: self.limits.of_each - busy[name] for name in self._subscribers}
        return await claim(self.heart.engine, self.name, room, most=most, lease=self.limits.lease)

    async def _see_through(self, claimed: Claimed) -> None:
        """From handing over to the written answer or verdict. Nothing that happens here reaches another delivery."""
        receiver = receiver_of(self.heart.house, claimed)
        if receiver is None:
            return  # its plugin is gone: shown by `park`
        failure = verdicts.worn_out(claimed) or await self._deliver(claimed, receiver)
        if failure is None:
            return
        verdict = verdicts.judge(claimed, receiver, failure, luck=self.luck())
        about = {"subscriber": claimed.subscriber, "reference": claimed.reference, "attempts": claimed.attempts}
        log.warning("delivery failed", kind=failure.kind, where=failure.where, again=str(verdict.again), **about)
        written = await self._written(partial(verdicts.write, self.heart, claimed, failure, verdict))
        if isinstance(written, Failure):  # its lease will pass, and it is tried again
            log.error("the failure of a delivery could not be written", trouble=written.what, **about)

    async def _deliver(self, claimed: Claimed, receiver: Receiver) -> Failure | None:
        tried = await hand_over(self.heart, claimed, receiver, self.limits.seconds)
        if isinstance(tried, Failure):
            return tried
        written = await self._written(partial(self._settle, claimed, tried.value))
        if isinstance(written, Failure):
            what = f"its answer could not be written: {written.what}"
            return Failure(kind=written.kind, what=what, where=written.where)
        return None

    async def _settle(self, claimed: Claimed, outcome: Outcome) -> None:
        await settle(self.heart, claimed, outcome)
        if claimed.after_failures:
            async with unit(self.heart.engine):
                await circuits.succeeded([claimed.subscriber])

    async def _written(self, write: Callable[[], Awaitable[None]]) -> Done[None] | Failure:
        wait = FIRST_WAIT
        for _ in range(WRITES - 1):
            written = await caught(write)
            if isinstance(written, Done) or written.kind != "database":
                return written
            await asyncio.sleep(wait)
            wait *= 2
        return await caught(write)
