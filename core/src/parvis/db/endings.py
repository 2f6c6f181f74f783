"""Work that must come to its end although the task that asked for it was cancelled: opening, undoing, giving back."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Endings:
    """The endings under way for one engine."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the work in a task of its own, which a cancellation of the caller does not reach."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await asyncio.shield(task)

    async def wait(self) -> None:
        """Until none is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)
