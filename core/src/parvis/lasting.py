"""How a process that lasts is begun and run: no garbage is collected before it is composed; the loop is quick."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator
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
