"""Trying a piece of code that is not ours: with a time limit, and with every failure as a value.

This is the third and last place of the house where any exception is caught: what a handler or a channel does wrong
must reach its own delivery or page and nothing else.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from types import ModuleType
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from parvis.db import DatabaseTrouble
from parvis.house.sources import where_broke_or_written
from parvis.house.trouble import one_line
from parvis_sdk.errors import Later, Refused, Unreachable

T = TypeVar("T")
LAST_WORDS = 2.0  # seconds that cancelled code gets to clean up before it is left to itself

FailureKind = Literal["later", "refused", "broken", "hung", "database"]


class Done(Struct, Generic[T], frozen=True, kw_only=True):
    """It answered."""

    value: T


class NotReached(Struct, frozen=True, kw_only=True):
    """That the address of a message was refused: for good or this once, and what its server said."""

    for_good: bool
    status: str = ""
    said: str = ""


class Failure(Struct, frozen=True, kw_only=True):
    """It did not: what happened, where in the author's files, and whether others must wait as well."""

    kind: FailureKind
    what: str
    where: str = ""
    retry_after: timedelta | None = None
    only_this: bool = False
    not_reached: NotReached | None = None


async def attempt(
    call: Callable[[], Awaitable[T]], seconds: float, *, function: object = None, module: ModuleType | None = None
) -> Done[T] | Failure:
    """Await `call()` for so many seconds at most, in a task of its own: code that refuses to end is left behind."""
    task = asyncio.create_task(caught(call, function=function, module=module))
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=LAST_WORDS)
            return _failure("hung", f"it did not answer within {seconds:g} s", function, module)
    finally:
        task.cancel()
    if task.cancelled():
        return _failure("broken", "it cancelled itself", function, module)
    return task.result()


async def caught(
    call: Callable[[], Awaitable[T]], *, function: object = None, module: ModuleType | None = None
) -> Done[T] | Failure:
    """Await `call()` and answer what it answered, or how it failed."""
    try:
        return Done(value=await call())
    except Later as later:
        return Failure(kind="later", what=later.reason, retry_after=later.retry_after, only_this=later.only_this)
    except Unreachable as no:
        not_reached = NotReached(for_good=no.for_good, status=no.status, said=no.said)
        return Failure(kind="refused", what=no.reason, not_reached=not_reached)
    except Refused as refused:
        return Failure(kind="refused", what=refused.reason)
    except DatabaseTrouble as trouble:
        return Failure(kind="database", what=str(trouble))
    except (Exception, SystemExit) as error:  # noqa: BLE001  whatever is raised belongs to this delivery or this page alone
        where = where_broke_or_written(error, function, module)
        return Failure(kind="broken", what=f"it raised {one_line(error)}", where=where)


def _failure(kind: FailureKind, what: str, function: object, module: ModuleType | None) -> Failure:
    return Failure(kind=kind, what=what, where=where_broke_or_written(None, function, module))
