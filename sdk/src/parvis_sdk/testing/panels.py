"""Panels without a host: what one shows of a request, and everything that the host would leave it out for.

contents = await shown_by(ORDER, request)
contents = await shown_at(desk, case, ORDER)
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpx
import msgspec
from msgspec import structs

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import Content, bounded, content_mistakes
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.lines import where_function_is
from parvis_sdk.panels import SECONDS, Panel, panel_mistakes
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Need
from parvis_sdk.testing.cases import Case, view
from parvis_sdk.testing.desk import Desk
from parvis_sdk.testing.happenings import happenings
from parvis_sdk.testing.samples import SAMPLE
from parvis_sdk.testing.texts import misprints, missing_words
from parvis_sdk.testing.town import MORNING
from parvis_sdk.testing.watched_thread import Tried, WatchedThread
from parvis_sdk.text import Text

LEFT_OUT = Text(fr="le panneau manque à la page", en="the panel is missing from the page")
RAISES = Text(fr="il lève {error}", en="it raises {error}")
HANGS = Text(fr="il ne répond pas en {seconds}\u00a0s", en="it does not answer within {seconds} s")
BLOCKS = Text(fr="il bloque sans rien attendre avec `await`", en="it blocks without awaiting anything")
UNLIKE = Text(fr="il répond deux choses de la même requête", en="it answers two things of the same request")
CHANGES = Text(fr="il modifie la requête montrée", en="it changes the request that it is shown")
WORDS = Text(fr="ce qu’il montre\u00a0: {mistake}", en="what it shows: {mistake}")
CORRECT = Text(fr="corrigez sa fonction show", en="correct its function show")
QUICK = Text(fr="répondez de ce qui est retenu de la requête", en="answer from what is remembered of the request")
BOTH = Text(fr="donnez chaque Text dans les deux langues", en="give each Text in both languages")


async def shown_by(
    panel: Panel, request: ServiceRequest, remembered: Mapping[str, Any] | None = None
) -> tuple[Content, ...]:
    """What a panel shows of a request, as the host would draw it; `AssertionError` where it would not.

    `remembered` is what the plugin keeps for itself; other systems are not there.
    """
    async with httpx.AsyncClient(transport=httpx.MockTransport(_nobody)) as http:
        answer = await panel.show(request, Connection(http=http, now=MORNING, remembered=remembered or {}))
    found = [str(each.within(f"panel {panel.code!r}")) for each in content_mistakes(answer)]
    if found:
        raise AssertionError("\n".join(found))
    return bounded(answer)


async def shown_at(desk: Desk, case: Case, panel: Panel) -> tuple[Content, ...]:
    """The same of a case at the pretend desk, with what the plugin or its connector keeps about it."""
    keeper = panel.connector or desk.name
    request = view(case, desk.town, panel.needs, keeper)
    return await shown_by(panel, without_links(request), desk.kept.get(keeper))


def without_links(request: ServiceRequest) -> ServiceRequest:
    """A request as panels are given it: nobody's private link is among it."""
    return structs.replace(request, tracking_url="", view_url="", stop_url="", parties=(), followers=())


def shown_mistakes(
    panel: Panel, request_types: Iterable[RequestType], languages: tuple[str, ...] = ("fr", "en")
) -> list[DeclarationMistake]:
    """Every mistake of a panel: of its declaration, and of what it shows of requests in each state, asked twice."""
    found = list(panel_mistakes(panel))
    found += [_mistake(panel, WORDS.format(mistake=each), BOTH) for each in missing_words(panel.title, languages)]
    if found:
        return found
    package = str(getattr(panel.show, "__module__", "")).partition(".")[0]
    by_what: dict[str, DeclarationMistake] = {}
    with WatchedThread(package, 10 * SECONDS) as thread:
        for request in _requests(panel, request_types):
            for mistake in _mistakes_at(panel, request, thread, languages):
                by_what.setdefault(str(mistake), mistake)
                if mistake.now_what is QUICK:
                    return list(by_what.values())  # each request would stop it again
    return list(by_what.values())


def _requests(panel: Panel, request_types: Iterable[RequestType]) -> Iterator[ServiceRequest]:
    ours = [each for each in request_types if not panel.types or each.code in panel.types]
    needs: tuple[Need, ...] = panel.needs
    for request_type in ours or [structs.replace(SAMPLE, code=code) for code in panel.types or (SAMPLE.code,)]:
        seen: set[str] = set()
        for each in happenings(request_type, needs, seed=0):
            if each.request.state not in seen:
                seen.add(each.request.state)
                yield without_links(each.request)


def _mistakes_at(
    panel: Panel, request: ServiceRequest, thread: WatchedThread, languages: tuple[str, ...]
) -> Iterator[DeclarationMistake]:
    before = msgspec.json.encode(request)
    first, again = (thread.tries(lambda: panel.show(request, _nothing_lent())) for _ in range(2))
    if msgspec.json.encode(request) != before:
        yield _mistake(panel, CHANGES, CORRECT)
    if stopped := _stopped(panel, first) or _stopped(panel, again):
        yield stopped
        return
    wrong = list(content_mistakes(first.answer))
    yield from (_mistake(panel, each.what, each.now_what, each.where) for each in wrong)
    if not wrong:
        if first.answer != again.answer:
            yield _mistake(panel, UNLIKE, CORRECT)
        said = [*missing_words(first.answer, languages), *misprints(first.answer)]
        yield from (_mistake(panel, WORDS.format(mistake=each), BOTH) for each in said)


def _stopped(panel: Panel, tried: Tried) -> DeclarationMistake | None:
    if tried.blocking is not None:
        return _mistake(panel, BLOCKS, QUICK, tried.blocking.where)
    if tried.hung:
        return _mistake(panel, HANGS.format(seconds=10 * SECONDS), QUICK, tried.where)
    if tried.error is not None:
        error = f"{type(tried.error).__name__}: {tried.error}"[:200]
        return _mistake(panel, RAISES.format(error=error), CORRECT)
    return None


def _nothing_lent() -> Connection:
    return Connection(http=httpx.AsyncClient(transport=httpx.MockTransport(_nobody)), now=MORNING)


def _mistake(panel: Panel, what: Any, now_what: Any, part: str = "") -> DeclarationMistake:
    line = where_function_is(panel.show, sys.modules.get(getattr(panel.show, "__module__", "")))
    where = " · ".join(each for each in (line, f"panel {panel.code!r}", part) if each)
    return DeclarationMistake(where=where, what=what, so_what=LEFT_OUT, now_what=now_what)


def _nobody(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("a panel has no other system in tests", request=request)
