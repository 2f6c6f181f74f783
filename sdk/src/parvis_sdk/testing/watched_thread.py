"""Runs handlers on a thread with its own event loop, and names the line at which they block.

The host judges alike: code that lets the loop turn may take its time, code that does not stops everything else of its
plugin. Here the patience is shorter, for nothing else runs on the loop.
"""

import asyncio
import ctypes
import socket
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextlib import suppress
from math import ceil
from types import FrameType
from typing import Any, Literal
from weakref import WeakValueDictionary

from msgspec import Struct, structs

from parvis_sdk.lines import where_it_stands

Way = Literal["waits", "computes"]
BEAT = 0.005  # seconds between two signs of life of the loop
LOOK = 0.01  # seconds between two looks; each look of a busy machine counts once, however late it comes
WAITS = 20  # looks without a sign of life, and without work, after which a handler counts as one that waits
COMPUTES = 0.5  # seconds of a processor without a sign of life after which it counts as one that computes
IDLE = 0.001  # seconds of a processor between two looks: a thread that works less is waiting
LEFT = 100  # looks without a sign of life after which the thread of a handler is left to itself
CALLS = {
    "time.sleep": "time.sleep()",
    "socket.connect": "socket.connect()",
    "socket.getaddrinfo": "socket.getaddrinfo()",
    "sqlite3.connect": "sqlite3.connect()",
}
"""What Python reports (PEP 578) of calls that block their caller, and how they are named."""


class Blocking(Struct, frozen=True, kw_only=True):
    """A handler that let nothing else run: the line it stood at, for how many seconds, and in what way; `call` names
    the function of Python that it called, where that is known. `over` is false where it never came back."""

    where: str
    way: Way = "waits"
    call: str = ""
    seconds: float = 0.0
    over: bool = True


class Tried(Struct, frozen=True, kw_only=True):
    """The result of one call: an answer, an error, or neither in time (`hung`, with the line at which it waits)."""

    answer: Any = None
    error: BaseException | None = None
    hung: bool = False
    where: str = ""
    blocking: Blocking | None = None


class Look(Struct, frozen=True, kw_only=True):
    """What a look at the loop saw: its signs of life, and since when there was no other; how many looks it has stood
    `still`, and how many of these without any work of the processor."""

    beats: int
    since: float
    began: float
    worked: float
    still: int = 0
    idle: int = 0


class StandsStill(BaseException):
    """Raised to end a blocking call; not an `Exception`, so that handlers do not catch it."""


class LoopEnd:
    """Ends a loop: it stops by itself if it can, otherwise inside the handler that blocks it.

    Never in the middle of its own ending, which a busy machine may draw out: it would be left half closed.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop, self.lock, self.has_begun = loop, threading.Lock(), False

    def begin(self) -> None:
        """On the loop itself."""
        with self.lock:
            self.has_begun = True
        self.loop.stop()

    def force(self, ident: int) -> None:
        with self.lock:
            if not self.has_begun:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(SystemExit))


class WatchedThread:
    """Runs handlers of one package, one call at a time, on a thread that is abandoned if it does not return."""

    def __init__(self, package: str, seconds: float, *, left: int = LEFT) -> None:
        self.package, self.seconds, self.left = package, seconds, left
        self.called: Blocking | None = None
        self._begin()

    def __enter__(self) -> "WatchedThread":
        return self

    def __exit__(self, *raised: object) -> None:
        self._end()

    def tries(self, make: Callable[[], Awaitable[Any]]) -> Tried:
        """The result of awaiting `make()`."""
        self.called = None
        made = asyncio.run_coroutine_threadsafe(self._made(make), self.loop)
        blocking = self._watched(made)
        if blocking is not None and not blocking.over:
            self._end()
            self._begin()
            return Tried(blocking=blocking)
        if not made.done():
            where = self._waits_at()
            made.cancel()
            return Tried(hung=True, where=where)
        if made.cancelled():
            return Tried(error=asyncio.CancelledError("it cancelled itself"))
        error = made.exception()
        answer, ended = (None, error) if error is not None else made.result()
        called: Blocking | None = self.called  # by the other thread
        return Tried(error=ended, answer=answer, blocking=called or blocking)

    def _watched(self, made: "Future[Any]") -> Blocking | None:
        """Look at the loop until the call has ended or its time is over; what stood still, if anything did."""
        look, worst = self._look(), None
        for _ in range(ceil(self.seconds / LOOK)):  # looks and not seconds: a machine that is busy gets more of them
            with suppress(TimeoutError):
                made.exception(LOOK)
                break
            look = self._next(look)
            worst = self._standstill(look) or worst
            if look.still >= self.left:
                break
        if not made.done() and look.still >= WAITS:
            return structs.replace(worst or Blocking(where=self._stands_at()), over=False)
        return worst

    def _look(self) -> "Look":
        return Look(beats=self.beats, since=time.monotonic(), worked=self._processor(), began=self._processor())

    def _next(self, last: "Look") -> "Look":
        if self.beats != last.beats:
            return self._look()
        worked = self._processor()
        idle = last.idle + 1 if worked - last.worked < IDLE else 0
        return structs.replace(last, still=last.still + 1, idle=idle, worked=worked)

    def _standstill(self, look: "Look") -> Blocking | None:
        waits, computes = look.idle >= WAITS, look.worked - look.began >= COMPUTES
        where = self._stands_at() if waits or computes else ""
        way: Way = "waits" if waits else "computes"
        return Blocking(where=where, way=way, seconds=time.monotonic() - look.since) if where else None

    def _stands_at(self) -> str:
        return where_it_stands(sys._current_frames().get(self.ident), self.package)

    def _processor(self) -> float:
        """Seconds that the thread has worked; none where the system does not tell."""
        clock = getattr(time, "pthread_getcpuclockid", None)
        return time.clock_gettime(clock(self.ident)) if clock else 0.0

    def _waits_at(self) -> str:
        """The line at which the call that runs awaits something."""
        frames = [frame for task in asyncio.all_tasks(self.loop) for frame in task.get_stack()]
        return next((line for frame in reversed(frames) if (line := where_it_stands(frame, self.package))), "")

    async def _made(self, make: Callable[[], Awaitable[Any]]) -> tuple[Any, SystemExit | None]:
        try:
            return await make(), None
        except SystemExit as error:  # it would end the loop
            return None, error

    def _begin(self) -> None:
        self.loop, self.beats = asyncio.new_event_loop(), 0
        self.ending = LoopEnd(self.loop)
        self.thread = threading.Thread(target=self._live, args=(self.loop,), name="trying handlers", daemon=True)
        self.thread.start()
        self.ident = self.thread.ident or 0
        _watch(self.ident, self)

    def _end(self) -> None:
        with suppress(RuntimeError):  # it has ended by itself
            self.loop.call_soon_threadsafe(self.ending.begin)
        _WATCHED.pop(self.ident, None)
        self.thread.join(LOOK * WAITS)
        if self.thread.is_alive():
            self.ending.force(self.ident)
            self.thread.join(LOOK * WAITS)

    def _live(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)

        def beat() -> None:
            self.beats += 1
            loop.call_later(BEAT, beat)

        beat()
        try:
            loop.run_forever()
            for task in asyncio.all_tasks(loop):
                task.cancel()
            with suppress(RuntimeError):  # it was told to stop once more
                loop.run_until_complete(asyncio.sleep(0))
        finally:
            loop.close()


_WATCHED: "WeakValueDictionary[int, WatchedThread]" = WeakValueDictionary()
# Python takes no hook of its audit back: one is added, once, and it looks at threads that are watched just now.


def _watch(ident: int, thread: WatchedThread) -> None:
    if not _HOOKED.is_set():
        _HOOKED.set()
        sys.addaudithook(_heard)
    _WATCHED[ident] = thread


def _heard(event: str, given: tuple[Any, ...]) -> None:
    if event not in CALLS or (thread := _WATCHED.get(threading.get_ident())) is None:
        return
    frame: FrameType | None = sys._getframe(1)
    where = where_it_stands(frame, thread.package)
    if not where or not _blocks(event, given):
        return
    thread.called = Blocking(where=where, call=CALLS[event])
    raise StandsStill(where)


def _blocks(event: str, given: tuple[Any, ...]) -> bool:
    if event == "time.sleep":
        return bool(given[0])
    if event == "socket.connect":
        return not isinstance(given[0], socket.socket) or given[0].gettimeout() != 0
    return True


_HOOKED = threading.Event()
