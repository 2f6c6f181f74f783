"""A thread with an event loop of its own for each plugin, so that code which blocks stops nothing but itself.

A handler that sleeps without `await`, or never comes back, would otherwise stop every page and every delivery of its
process. Here its own thread stands still, and its callers are told at which file and line.
"""

import asyncio
import contextvars
import ctypes
import faulthandler
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import structlog

from parvis_sdk.lines import where_it_stands

T = TypeVar("T")
BEAT = 0.1  # seconds between two signs of life of a thread
LOOK = 0.5  # seconds between two looks at whether it gives any
BLOCKED = 10.0  # seconds without one after which a call is given up, however much time it has left
LATE = 1.0  # seconds without one after which a call whose own time is over counts as blocked
ENDING = 2.0  # seconds that the threads get to end together with their process
NOTHING_RUNS = 180.0  # seconds that all plugins together may take to say what they declare
MOST_LEFT = 3  # threads of one plugin that may stand still at once; then it is not called any more
CALL: contextvars.ContextVar["Call[Any] | None"] = contextvars.ContextVar("parvis_plugin_call", default=None)
log = structlog.get_logger("parvis.plugins")


class BlockedCall(Exception):
    """A plugin lets nothing else of its own run: the line it stands at, and whether it is this very call."""

    def __init__(self, where: str, seconds: float, *, is_this: bool) -> None:
        self.where, self.seconds, self.is_this = where, seconds, is_this
        super().__init__(where)


class OutOfTime(Exception):
    """A call did not answer in time; the line of the plugin that ran just then, if any."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(where)


class Call(Generic[T]):
    """One call into a plugin, seen from the loop that waits for it."""

    def __init__(self, make: Callable[[], Awaitable[T]]) -> None:
        self.make = make
        self.home = asyncio.get_running_loop()
        self.answer: asyncio.Future[T] = self.home.create_future()
        self.task: asyncio.Task[T] | None = None

    async def made(self) -> T:
        CALL.set(self)
        return await self.make()

    def ended(self, task: asyncio.Task[T]) -> None:
        """On the plugin's loop: tell the caller, if it still waits."""
        if not self.home.is_closed():
            self.home.call_soon_threadsafe(self._tell, task)

    def _tell(self, task: asyncio.Task[T]) -> None:
        if self.answer.done():
            return
        if task.cancelled():
            self.answer.cancel()
        elif (error := task.exception()) is not None:
            self.answer.set_exception(error)
        else:
            self.answer.set_result(task.result())


class PluginThread:
    """One thread of one plugin, from a first call until it is left or its process ends."""

    def __init__(self, package: str) -> None:
        self.package = package
        self.loop = asyncio.new_event_loop()
        self.seen = time.monotonic()
        self._calls: WeakKeyDictionary[asyncio.Task[Any], Call[Any]] = WeakKeyDictionary()
        self.thread = threading.Thread(target=self._live, name=f"plugin {package}", daemon=True)
        self.thread.start()

    @property
    def silence(self) -> float:
        """Seconds since its loop last turned."""
        return time.monotonic() - self.seen

    def begin(self, call: Call[Any]) -> None:
        self.loop.call_soon_threadsafe(self._begin, call, context=contextvars.copy_context())

    def _begin(self, call: Call[Any]) -> None:
        call.task = self.loop.create_task(call.made())
        self._calls[call.task] = call
        call.task.add_done_callback(call.ended)

    def cancel(self, call: Call[Any]) -> None:
        """Ask the call to end."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(lambda: call.task and call.task.cancel())

    def stands_at(self) -> str:
        """The line of the plugin's own files that runs just now, as `package/file.py:41`; empty while none does."""
        return where_it_stands(sys._current_frames().get(self.thread.ident or 0), self.package)

    def is_at(self, call: Call[Any]) -> bool:
        """Whether it is this call that runs just now; of what runs for no known call, any may be the one."""
        running = asyncio.current_task(self.loop)
        if running is None:
            return True
        context = getattr(running, "get_context", None)  # from Python 3.12 on
        of = self._calls.get(running) or (context().get(CALL) if context else None)
        return of is None or of is call

    def end(self) -> None:
        """Ask it to end: what runs in Python is stopped there, what waits outside of it ends by itself."""
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.loop.stop)
        if self.silence > LATE:
            _stop(self.thread)

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        self._beat()
        with suppress(SystemExit):  # by which it is stopped
            try:
                self.loop.run_forever()
                for task in asyncio.all_tasks(self.loop):
                    task.cancel()
                with suppress(RuntimeError):  # it was told to stop once more
                    self.loop.run_until_complete(asyncio.sleep(0))
            finally:
                self.loop.close()

    def _beat(self) -> None:
        self.seen = time.monotonic()
        self.loop.call_later(BEAT, self._beat)


class PluginThreads:
    """The threads of one process, by the package of their plugin; made as plugins are first called."""

    def __init__(self) -> None:
        self._threads: dict[str, PluginThread] = {}
        self._left: list[PluginThread] = []
        self.used: dict[str, tuple[int, float]] = {}  # calls so far, and the seconds that they took

    @property
    def standing_still(self) -> tuple[PluginThread, ...]:
        """Those that were left and have not come back."""
        self._left = [each for each in self._left if each.thread.is_alive()]
        return tuple(self._left)

    async def run(self, package: str, make: Callable[[], Awaitable[T]], seconds: float) -> T:
        """What `make()` answers on the thread of that package; raises `OutOfTime` or `BlockedCall`."""
        thread = self._thread_of(package)
        call, began = Call(make), time.monotonic()
        over = began + seconds
        thread.begin(call)
        try:
            while not call.answer.done():
                seen = thread.seen
                await asyncio.wait({call.answer}, timeout=max(min(over - time.monotonic(), LOOK), 2 * BEAT))
                if call.answer.done():
                    break
                is_over = time.monotonic() >= over
                if thread.seen == seen and thread.silence > (LATE if is_over else BLOCKED):
                    raise self._leave(thread, call)
                if is_over and thread.silence <= LATE:
                    raise OutOfTime(thread.stands_at())
            return call.answer.result()
        finally:
            calls, took = self.used.get(package, (0, 0.0))
            self.used[package] = calls + 1, took + time.monotonic() - began
            if not call.answer.done():
                thread.cancel(call)

    async def close(self) -> None:
        """End them; one that stands still is left to the end of the process."""
        ending = [*self._threads.values(), *self._left]
        self._threads.clear()
        for each in ending:
            each.end()
        until = time.monotonic() + ENDING
        for each in ending:
            await asyncio.to_thread(each.thread.join, max(0.0, until - time.monotonic()))

    def _thread_of(self, package: str) -> PluginThread:
        still = [each for each in self.standing_still if each.package == package]
        if len(still) >= MOST_LEFT:
            raise BlockedCall(still[-1].stands_at(), still[-1].silence, is_this=False)
        if package not in self._threads:
            self._threads[package] = PluginThread(package)
        return self._threads[package]

    def _leave(self, thread: PluginThread, call: Call[Any]) -> BlockedCall:
        where, seconds = thread.stands_at(), thread.silence
        blocked = BlockedCall(where, seconds, is_this=thread.is_at(call))
        if self._threads.get(thread.package) is thread:
            del self._threads[thread.package]
            self._left.append(thread)
            log.error("a plugin blocks", plugin=thread.package, where=where, seconds=round(seconds, 1))
            thread.end()
        return blocked


class StuckCall(NamedTuple):
    """Something that was called did not return: the line it stands at, and the thread, which may go on."""

    where: str
    thread: threading.Thread


def in_time(function: Callable[[], T], seconds: float, package: str) -> T | StuckCall:
    """What `function()` returns, on a thread that is left where it does not return in time.

    Whatever the author's code raises is part of what it returns; Ctrl-C is noticed here, while we wait.
    """
    answers: list[T] = []
    context = contextvars.copy_context()

    def ask() -> None:
        answers.append(context.run(function))

    thread = threading.Thread(target=ask, name=f"asking {package}", daemon=True)
    thread.start()
    thread.join(seconds)
    if answers:
        return answers[0]
    where = where_it_stands(sys._current_frames().get(thread.ident or 0), package)
    _stop(thread)
    return StuckCall(where, thread)


@contextmanager
def ended_from_below() -> Iterator[None]:
    """A plugin that lets nothing at all run ends the process after a while, with the lines that it stood at."""
    with open(os.devnull, "w") as nowhere:
        # Python writes to a descriptor, which whatever stands in for the standard error may not have.
        faulthandler.dump_traceback_later(NOTHING_RUNS, exit=True, file=sys.__stderr__ or nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _stop(thread: threading.Thread) -> None:
    """What runs in Python is stopped where it stands; what waits outside of it, once it is back."""
    if thread.ident:
        ident, leave = ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, leave)
