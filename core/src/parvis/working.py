"""The worker as a process of its own: what `parvis work` runs, and what `parvis serve` keeps beside its pages.

A process is the only thing that can be ended whatever runs in it. It writes where it stood when nothing in it could run
any more, and the next one reads that: what a plugin did to a worker is counted against the delivery that it was for.
"""

import asyncio
import faulthandler
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import msgspec
import structlog

from parvis import __version__
from parvis.deployment import compose, running
from parvis.lasting import composing, run, stay_alive, tell, without_ours
from parvis.logs import begin_logging
from parvis.modules import OF_THE_WEB
from parvis.settings import Settings
from parvis.worker.loop import run_worker
from parvis.worker.relay import Relay
from parvis.worker.standing import FOLDER, count_against, last_words

AGAIN = 75  # the exit code of a worker that wants to be started anew
HELD = 60.0  # seconds in which nothing else in the process could run, after which it is ended from below
ARMED = 5.0  # seconds between two signs of life
STOPPING = 45.0  # seconds that a worker gets to end what it has begun
FIRST_REST, LONGEST_REST = 1.0, 30.0  # seconds before a worker that ended by itself is started again
AT_ONCE = os._exit  # of ours, which nobody needs to be told of
LIVED = 60.0  # seconds after which a worker counts as one that works
log = structlog.get_logger("parvis")


async def work(settings: Settings) -> bool:
    """Deliver and do the chores until a signal comes; True when the process is to be started anew."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        tell("STOPPING=1")
        stopping.set()

    for caught in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(caught, stop)
    with composing():
        composed = compose(settings, environ=os.environ, unused=OF_THE_WEB)
    async with running(composed, serving=True) as deployment:
        relay = Relay(deployment.host)
        relay.be_careful_with(await count_against(deployment.host, settings.data / FOLDER))
        with last_words(settings.data / FOLDER, relay.name) as place:
            alive = [asyncio.create_task(each) for each in (_stay_alive(place), stay_alive())]
            log.info("working", version=__version__)
            tell("READY=1", "STATUS=working")
            try:
                again = await run_worker(deployment.host, stopping, relay=relay)
            finally:
                for each in alive:
                    each.cancel()
        log.info("stopped")
    return again


async def _stay_alive(place: Any) -> None:
    """As long as this loop turns, the process is not ended."""
    while True:
        faulthandler.dump_traceback_later(HELD, exit=True, file=place)
        await asyncio.sleep(ARMED)


class WorkerProcess:
    """A worker beside a web process: started again whenever it ends, until that process is told to stop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    async def run(self, stopping: asyncio.Event) -> None:
        """Until told to stop, and until the worker has ended what it had begun."""
        stop, rest = asyncio.create_task(stopping.wait()), FIRST_REST
        try:
            while not stopping.is_set():
                began, process = time.monotonic(), await self._begin()
                ending = asyncio.create_task(process.wait())
                await asyncio.wait({stop, ending}, return_when=asyncio.FIRST_COMPLETED)
                if stopping.is_set():
                    await self._end(process)
                    return
                if process.returncode != AGAIN:
                    rest = FIRST_REST if time.monotonic() - began > LIVED else rest
                    log.error("the worker ended", code=process.returncode, again_in=rest)
                    await asyncio.wait({stop}, timeout=rest)
                    rest = min(rest * 2, LONGEST_REST)
        finally:
            stop.cancel()

    async def _begin(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from parvis.working import main; main()",
            stdin=asyncio.subprocess.PIPE,
            env=without_ours(os.environ),
        )
        # What it is told comes by a pipe, which no list of processes shows; that the pipe ends tells it that we did.
        if process.stdin is not None:
            process.stdin.write(msgspec.json.encode(self.settings, enc_hook=str) + b"\n")
            with suppress(ConnectionError):
                await process.stdin.drain()
        return process

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOPPING)
        except TimeoutError:
            log.error("the worker did not end", seconds=STOPPING)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def told() -> Settings:
    """The settings that a web process gives the worker beside it; the worker ends with that process."""

    def as_named(kind: Any, value: Any) -> Any:
        return kind(value)

    # Without a buffer: code that waits in one holds its lock, and Python ends by an abort of what still holds it.
    pipe = open(sys.stdin.fileno(), "rb", buffering=0, closefd=False)  # noqa: SIM115 - as long as the process
    settings = msgspec.json.decode(pipe.readline(), type=Settings, dec_hook=as_named)

    def outlive_nobody() -> None:
        while pipe.read(1):
            pass
        AT_ONCE(1)

    threading.Thread(target=outlive_nobody, daemon=True, name="web process").start()
    return settings


def main() -> None:
    settings = told()
    begin_logging(settings)
    sys.exit(AGAIN if run(work(settings)) else 0)
