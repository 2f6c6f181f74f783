"""Runs chores without a host, and finds every reason why the host would discard the result.

done = await done_by(COMPARE, system)
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import httpx
from msgspec import structs

from parvis_sdk.chores import Chore, Done, chore_mistakes, done_mistakes
from parvis_sdk.connectors import Connection
from parvis_sdk.errors import DeclarationMistake, OutsideError, Words
from parvis_sdk.finding import Finder, FindsNothing
from parvis_sdk.lines import where_function_is
from parvis_sdk.request_types import RequestType
from parvis_sdk.testing.other_requests import CaseFinder, sample_cases
from parvis_sdk.testing.texts import missing_words
from parvis_sdk.testing.town import MORNING
from parvis_sdk.testing.watched_thread import Tried, WatchedThread
from parvis_sdk.text import Text
from parvis_sdk.towns import Town

TOWN = Town(code="parvis", name=Text(fr="Parvis", en="Parvis"), languages=("fr", "en"))
TRIED_FOR = 5.0  # seconds that a chore has in the contract, where nothing that it calls is far away
LEFT = Text(fr="le tour est perdu", en="the turn is lost")
RAISES = Text(fr="elle lève {error}", en="it raises {error}")
SAY_LATER = Text(
    fr="levez Later ou Refused quand l’autre système ne répond pas", en="raise Later or Refused where the other is away"
)
HANGS = Text(fr="elle ne finit pas en {seconds}\u00a0s", en="it does not end within {seconds} s")
BLOCKS = Text(fr="elle bloque sans rien attendre avec `await`", en="it blocks without awaiting anything")
AWAIT = Text(fr="attendez avec `await` ce qui dure", en="await what takes long")
CORRECT = Text(fr="corrigez sa fonction work", en="correct its function work")
NO_WORDS = Text(fr="son titre\u00a0: {mistake}", en="its title: {mistake}")
BOTH = Text(fr="donnez le titre dans les deux langues", en="give the title in both languages")


def nobody(request: httpx.Request) -> httpx.Response:
    """The default other system: it cannot be reached."""
    raise httpx.ConnectError("there is no other system in this test", request=request)


async def done_by(
    chore: Chore,
    system: httpx.AsyncBaseTransport | None = None,
    *,
    town: Town = TOWN,
    now: datetime = MORNING,
    remembered: Mapping[str, Any] | None = None,
    connection: Connection | None = None,
    finder: Finder | None = None,
) -> Done:
    """The result of a chore for a town, as the host stores it; `AssertionError` if the host would discard it.

    `system` answers its calls, such as an `Exchange`; `connection` is lent in place of the usual one. Requests of the
    town are there with a `finder`: `CaseFinder(desk.cases, chore.finds)`.
    """
    async with httpx.AsyncClient(transport=system or httpx.MockTransport(nobody)) as http:
        finds = finder or FindsNothing(chore.finds)
        lent = connection or Connection(http=http, now=now, remembered=remembered or {}, finder=finds)
        answer = await chore.work(town, lent)
    found = [str(each.within(f"chore {chore.code!r}")) for each in done_mistakes(chore, answer)]
    if found:
        raise AssertionError("\n".join(found))
    return answer or Done()


def mistakes_of_chore(
    chore: Chore,
    system: httpx.AsyncBaseTransport,
    languages: tuple[str, ...] = ("fr", "en"),
    request_types: Iterable[RequestType] = (),
) -> list[DeclarationMistake]:
    """Every mistake of a chore: in its declaration, in a run without its other system, and in two runs with it."""
    line = _line(chore)
    found = [each.within(line) if line else each for each in chore_mistakes(chore)]
    found += [_mistake(chore, NO_WORDS.format(mistake=each), BOTH) for each in missing_words(chore.title, languages)]
    if found:
        return found
    package = str(getattr(chore.work, "__module__", "")).partition(".")[0]
    by_what: dict[str, DeclarationMistake] = {}
    others = sample_cases(chore.finds, request_types)
    with WatchedThread(package, TRIED_FOR) as thread:
        for each in (httpx.MockTransport(nobody), system, system):
            tried = thread.tries(lambda each=each: _worked(chore, each, CaseFinder(others, chore.finds)))  # type: ignore[misc]
            for mistake in _of_turn(chore, tried):
                by_what.setdefault(str(mistake), mistake)
    return list(by_what.values())


async def _worked(chore: Chore, system: httpx.AsyncBaseTransport, finder: Finder) -> Any:
    async with httpx.AsyncClient(transport=system) as http:
        return await chore.work(TOWN, Connection(http=http, now=MORNING, finder=finder))


def _of_turn(chore: Chore, tried: Tried) -> Iterator[DeclarationMistake]:
    if tried.blocking is not None:
        yield _mistake(chore, BLOCKS, AWAIT, tried.blocking.where)
    elif tried.hung:
        yield _mistake(chore, HANGS.format(seconds=f"{TRIED_FOR:g}"), AWAIT, tried.where)
    elif isinstance(tried.error, httpx.HTTPError):
        yield _mistake(chore, RAISES.format(error=type(tried.error).__name__), SAY_LATER)
    elif tried.error is not None and not isinstance(tried.error, OutsideError):
        error = f"{type(tried.error).__name__}: {tried.error}"[:200]
        yield _mistake(chore, RAISES.format(error=error), CORRECT)
    elif tried.error is None:
        for each in done_mistakes(chore, tried.answer):
            yield structs.replace(_mistake(chore, each.what, each.now_what, each.where), so_what=each.so_what)


def _mistake(chore: Chore, what: Words, now_what: Words, part: str = "") -> DeclarationMistake:
    where = " · ".join(each for each in (_line(chore), f"chore {chore.code!r}", part) if each)
    return DeclarationMistake(where=where, what=what, so_what=LEFT, now_what=now_what)


def _line(chore: Chore) -> str:
    return where_function_is(chore.work, sys.modules.get(getattr(chore.work, "__module__", "")))
