"""Trying a piece of code that is not ours: with a time limit, and with every failure as a value.

This is the third and last place where any exception is caught: what a handler or a channel does wrong
must reach its own delivery or page and nothing else.
"""

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from types import ModuleType
from typing import Generic, Literal, TypeVar

from msgspec import Struct, structs

from parvis.db import (
    DatabaseAway,
    DatabaseFull,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseTrouble,
    DatabaseUnfinished,
    DatabaseUnwritable,
    NotUnique,
    NumberTooLarge,
    OthersServe,
)
from parvis.plugins.threads import BlockedCall, OutOfTime, PluginThreads
from parvis.troubles import RAISED, Words, one_line
from parvis.troubles import said as said_to
from parvis_sdk.errors import Later, Refused, Unreachable
from parvis_sdk.lines import where_broke_or_written
from parvis_sdk.text import Text

T = TypeVar("T")
HOST = "parvis"  # our own code stays on the loop that asks
LAST_WORDS = 2.0  # seconds that cancelled code gets to clean up before it is left to itself

FailureKind = Literal["later", "refused", "broken", "hung", "blocked", "database"]

HUNG = Text(fr="aucune réponse en {seconds}\u00a0s", en="it did not answer within {seconds} s")
BLOCKS = Text(
    fr="le code a bloqué pendant {seconds}\u00a0s sans rien attendre avec `await`",
    en="it blocked for {seconds} s without awaiting anything",
)
HELD_UP = Text(
    fr="un autre appel de cette extension a bloqué pendant {seconds}\u00a0s",
    en="another call of this plugin blocked for {seconds} s",
)
BLOCKS_ALL = Text(
    fr="le code a bloqué tout le processus, qui a dû être arrêté",
    en="it blocked its whole process, which had to be stopped",
)
ENDS_ALL = Text(fr="le code a arrêté son propre processus (os._exit)", en="it stopped its own process (os._exit)")
CANCELLED = Text(fr="le code s’est annulé lui-même", en="it cancelled itself")
OF_DATABASE: dict[type[DatabaseTrouble], Text] = {
    DatabaseTrouble: Text(
        fr="la base de données signale une erreur ({said})", en="the database reports an error ({said})"
    ),
    DatabaseAway: Text(
        fr="la base de données est inaccessible ou occupée ({said})", en="the database is unavailable or busy ({said})"
    ),
    DatabaseFull: Text(fr="la base de données est pleine ({said})", en="the database is full ({said})"),
    DatabaseUnwritable: Text(
        fr="rien ne peut être écrit dans la base de données ({said})", en="the database cannot be written to ({said})"
    ),
    DatabaseTooNew: Text(fr="la base de données est trop récente ({said})", en="the database is too new ({said})"),
    DatabaseTooOld: Text(fr="la base de données est trop ancienne ({said})", en="the database is too old ({said})"),
    OthersServe: Text(
        fr="la version précédente de Parvis est peut-être encore en service ({said})",
        en="the previous version of Parvis may still be running ({said})",
    ),
    DatabaseUnfinished: Text(
        fr="la base de données n’est pas entièrement restaurée ({said})",
        en="the database is not completely restored ({said})",
    ),
    NumberTooLarge: Text(
        fr="un nombre dépasse ce que sa colonne peut contenir ({said})",
        en="a number is too large for its column ({said})",
    ),
    NotUnique: Text(fr="cette ligne existe déjà ({said})", en="this row already exists ({said})"),
}


class Success(Struct, Generic[T], frozen=True, kw_only=True):
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
    what: Words
    where: str = ""
    retry_after: timedelta | None = None
    only_this: bool = False
    not_reached: NotReached | None = None

    def to(self, language: str) -> str:
        """What happened, in a language."""
        return said_to(self.what, language)

    def __str__(self) -> str:
        """As logs and commands say it."""
        return self.to("en")


async def attempt(
    call: Callable[[], Awaitable[T]],
    seconds: float,
    *,
    function: object = None,
    module: ModuleType | None = None,
    threads: PluginThreads | None = None,
) -> Success[T] | Failure:
    """Await `call()` for so many seconds at most, in a task of its own: code that refuses to end is left behind.

    With `threads`, code of a plugin runs on the thread of that plugin, so that it stops nobody else where it blocks.
    """
    package = (module.__name__ if module else getattr(function, "__module__", None) or HOST).partition(".")[0]
    if threads is not None and package != HOST:
        return await _on_its_thread(threads, package, call, seconds, function, module)
    task = asyncio.create_task(caught(call, function=function, module=module))
    try:
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=LAST_WORDS)
            return _failure("hung", HUNG.format(seconds=float(seconds)), function, module)
    finally:
        task.cancel()
    if task.cancelled():
        return _failure("broken", CANCELLED, function, module)
    return task.result()


async def _on_its_thread(
    threads: PluginThreads,
    package: str,
    call: Callable[[], Awaitable[T]],
    seconds: float,
    function: object,
    module: ModuleType | None,
) -> Success[T] | Failure:
    module = module or sys.modules.get(package)
    made: asyncio.Task[Success[T] | Failure] | None = None
    try:
        made = asyncio.ensure_future(
            threads.run(package, partial(caught, call, function=function, module=module), seconds)
        )
        await asyncio.wait({made})
        if made.cancelled():
            return _failure("broken", CANCELLED, function, module)
        if isinstance(closed := made.exception(), GeneratorExit):  # only its author can have raised it there
            return failure_of(closed, function, module)
        return made.result()
    except BlockedCall as blocked:
        what = (BLOCKS if blocked.is_this else HELD_UP).format(seconds=f"{blocked.seconds:.0f}")
        failed = _failure("blocked" if blocked.is_this else "hung", what, function, module)
        return structs.replace(failed, where=blocked.where or failed.where)
    except OutOfTime as late:
        failed = _failure("hung", HUNG.format(seconds=f"{seconds:g}"), function, module)
        return structs.replace(failed, where=late.where or failed.where)
    finally:
        if made is not None:
            made.cancel()


async def caught(
    call: Callable[[], Awaitable[T]], *, function: object = None, module: ModuleType | None = None
) -> Success[T] | Failure:
    """Await `call()` and answer what it answered, or how it failed."""
    try:
        return Success(value=await call())
    except BaseException as error:  # whatever is raised belongs to this delivery or this page alone
        if is_ours(error):
            raise
        return failure_of(error, function, module)


def caught_at_once(call: Callable[[], T]) -> Success[T] | Failure:
    """The same of what is asked without waiting."""
    try:
        return Success(value=call())
    except BaseException as error:  # whatever is raised belongs to what was asked alone
        if is_ours(error):
            raise
        return failure_of(error)


def is_ours(error: BaseException) -> bool:
    """Whether it asks us to end: a cancellation, a closed generator, or Ctrl-C, which plugin threads never receive."""
    pressed = isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread()
    return pressed or isinstance(error, asyncio.CancelledError | GeneratorExit)


def failure_of(error: BaseException, function: object = None, module: ModuleType | None = None) -> Failure:
    """What was raised, as a value."""
    match error:
        case Later():
            after = error.retry_after if isinstance(error.retry_after, timedelta) else None
            return Failure(kind="later", what=error.words, retry_after=after, only_this=bool(error.only_this))
        case Unreachable():
            not_reached = NotReached(for_good=error.for_good, status=error.status, said=error.said)
            return Failure(kind="refused", what=error.words, not_reached=not_reached)
        case Refused():
            return Failure(kind="refused", what=error.words)
        case DatabaseTrouble():
            return Failure(kind="database", what=of_database(error))
    where = where_broke_or_written(error, function, module)
    return Failure(kind="broken", what=RAISED.format(error=one_line(error)), where=where)


def of_database(trouble: DatabaseTrouble) -> Text:
    """What is the matter with the database; what its driver says stays as it is."""
    words = next(OF_DATABASE[kind] for kind in type(trouble).__mro__ if kind in OF_DATABASE)
    return words.format(said=trouble)


def _failure(kind: FailureKind, what: Words, function: object, module: ModuleType | None) -> Failure:
    return Failure(kind=kind, what=what, where=where_broke_or_written(None, function, module))
