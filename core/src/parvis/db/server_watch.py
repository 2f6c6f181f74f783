"""Whether a server answers at all, asked as soon as somebody waits for it: one that hangs keeps nobody for long.

A slow statement may take its time, as long as the server answers others meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from types import TracebackType

QUIET_SECONDS = 0.6  # after which somebody who waits wants to know whether the server answers
PROBE_SECONDS = 1.0  # that it gets to answer: with these before, less than two
AGAIN_SECONDS = 0.5  # until it is asked again whether it answers now


class ServerWatch:
    """Those who wait for a server; while it hangs, they are told to give up, and nobody needs to begin to wait."""

    def __init__(self, answers: Callable[[], Awaitable[bool]]) -> None:
        self.answers = answers
        self.hangs = False
        self.heard_at = 0.0
        self.waiting: set[Waiter] = set()
        self._looking: asyncio.Task[None] | None = None

    def wait(self, give_up: Callable[[], object]) -> "Waiter":
        """While something is asked of the server; `give_up` ends the waiting, in whatever way."""
        return Waiter(self, give_up)

    def look(self) -> None:
        """See whether it answers, unless somebody does already."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look(), context=Context())

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not await self.answers() and self.heard_at < began:
            self.hangs = True
            while self.waiting:
                self.waiting.pop().give_up()
            await asyncio.sleep(AGAIN_SECONDS)
        self.hangs = False

    async def close(self) -> None:
        """Nobody asks any more."""
        looking, self._looking, self.hangs = self._looking, None, False
        if looking is not None:
            looking.cancel()
            await asyncio.wait({looking})


class Waiter:
    """One who waits for the server."""

    __slots__ = ("give_up", "timer", "watch")

    def __init__(self, watch: ServerWatch, give_up: Callable[[], object]) -> None:
        self.watch, self.give_up = watch, give_up

    def __enter__(self) -> None:
        self.watch.waiting.add(self)
        self.timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, self.watch.look)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        self.watch.waiting.discard(self)
        if kind is None:
            self.watch.heard_at = asyncio.get_running_loop().time()
