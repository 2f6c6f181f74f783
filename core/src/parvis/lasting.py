"""How a process that lasts is begun and run, and what systemd is told of it."""

import asyncio
import gc
import os
import socket
from collections.abc import Callable, Coroutine, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TypeVar

Answer = TypeVar("Answer")


@contextmanager
def composing() -> Iterator[None]:
    """What is made inside stays as long as the process: nobody looks for garbage in it, now or later."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def run(work: Coroutine[Any, Any, Answer]) -> Answer:
    """As `asyncio.run`, on uvloop where it is installed."""
    with asyncio.Runner(loop_factory=quickest_loop()) as runner:
        return runner.run(work)


def quickest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """None is that of Python: uvloop is not made for Windows."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


NOTIFY, WATCHDOG = "NOTIFY_SOCKET", "WATCHDOG_USEC"
FIRST_SOCKET = 3  # of those that are handed over
OWN = (NOTIFY, WATCHDOG, "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")


def tell(*words: str) -> None:
    """Tell these words, such as `READY=1`; who listens no more is no reason to stop."""
    address = os.environ.get(NOTIFY, "")
    if not address:
        return
    name = "\0" + address[1:] if address.startswith("@") else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.setblocking(False)  # who does not listen keeps nobody waiting
        try:
            line.connect(name)
            line.sendall("\n".join(words).encode())
        except OSError:
            return


async def stay_alive() -> None:
    """Say again and again that the loop turns, as often as the unit asks for; until cancelled."""
    every = int(os.environ.get(WATCHDOG, "") or 0) / 1_000_000 / 2
    while every:
        tell("WATCHDOG=1")
        await asyncio.sleep(every)


def handed_over(environ: MutableMapping[str, str]) -> list[socket.socket]:
    """The sockets that were opened for this process; they stay open for those who come while it is started anew."""
    if environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(environ.get("LISTEN_FDS", "") or 0)
    return [socket.socket(fileno=number) for number in range(FIRST_SOCKET, FIRST_SOCKET + count)]


def without_ours(environ: MutableMapping[str, str]) -> dict[str, str]:
    """The environment of a process that we start: what systemd told us is not for that one."""
    return {name: value for name, value in environ.items() if name not in OWN}
