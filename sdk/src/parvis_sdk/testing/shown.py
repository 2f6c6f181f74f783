"""Tests what a noun shows without a host: twice, on a watched thread, with the checks of the host."""

import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import httpx
import msgspec
from msgspec import Struct

from parvis_sdk.connectors import Connection
from parvis_sdk.contents import content_mistakes
from parvis_sdk.errors import DeclarationMistake, OutsideError
from parvis_sdk.finding import Finder, FindsNothing
from parvis_sdk.lines import where_function_is
from parvis_sdk.testing.texts import misprints, missing_words
from parvis_sdk.testing.town import MORNING
from parvis_sdk.testing.watched_thread import Tried, WatchedThread
from parvis_sdk.text import Text

LEFT_OUT = Text(fr="ce qui devait être montré manque à la page", en="it is missing from the page")
RAISES = Text(fr="le code lève {error}", en="it raises {error}")
HANGS = Text(fr="aucune réponse en {seconds}\u00a0s", en="it does not answer within {seconds} s")
BLOCKS = Text(fr="le code bloque sans rien attendre avec `await`", en="it blocks without awaiting anything")
UNLIKE = Text(fr="deux réponses diffèrent pour la même {about}", en="it answers two things of the same {about}")
CHANGES = Text(fr="le code modifie la {about} montrée", en="it changes the {about} that it is shown")
WORDS = Text(fr="ce qui est montré\u00a0: {mistake}", en="what it shows: {mistake}")
CORRECT = Text(fr="corrigez la fonction {name}", en="correct its function {name}")
QUICK = Text(fr="répondez de ce qui est retenu", en="answer from what is remembered")
BOTH = Text(fr="donnez chaque Text dans les deux langues", en="give each Text in both languages")
OF_REQUEST = Text(fr="requête", en="request")
PATIENCE = 10  # times as long as the host: a machine on which tests run is busy


class Showing(Struct, frozen=True, kw_only=True):
    """One noun that shows something: what it is called in messages, its function, and how long a host waits for it.

    `about` is what the function is given; `looked_over` says what is wrong with an answer, `so_what` what follows from
    it. `alike`: asked twice the same, it answers the same. `may_be_away`: it may say that another system is.
    `finder` makes what it finds other requests by.
    """

    noun: str
    function: Callable[[Any, Connection], Awaitable[Any]]
    seconds: float
    about: Text = OF_REQUEST
    looked_over: Callable[[Any], Iterator[DeclarationMistake]] = content_mistakes
    so_what: Text = LEFT_OUT
    alike: bool = True
    may_be_away: bool = False
    finder: Callable[[], Finder] = FindsNothing

    @property
    def package(self) -> str:
        """Whose code it is."""
        return str(getattr(self.function, "__module__", "")).partition(".")[0]

    def watched(self) -> WatchedThread:
        """A thread on which it is asked."""
        return WatchedThread(self.package, PATIENCE * self.seconds)

    def mistakes(self, given: Any, thread: WatchedThread, languages: tuple[str, ...]) -> Iterator[DeclarationMistake]:
        """Every mistake in its results for this input, called twice."""
        before = msgspec.json.encode(given)
        first, again = (thread.tries(lambda: self.function(given, nothing_lent(self.finder()))) for _ in range(2))
        correct = CORRECT.format(name=getattr(self.function, "__name__", "show"))
        if msgspec.json.encode(given) != before:
            yield self.mistake(CHANGES.format(about=self.about), correct)
        if self.may_be_away and isinstance(first.error, OutsideError):
            return
        if stopped := self._stopped(first, correct) or self._stopped(again, correct):
            yield stopped
            return
        wrong = list(self.looked_over(first.answer))
        yield from (self.mistake(each.what, each.now_what, each.where) for each in wrong)
        if not wrong:
            if self.alike and first.answer != again.answer:
                yield self.mistake(UNLIKE.format(about=self.about), correct)
            said = [*missing_words(first.answer, languages), *misprints(first.answer)]
            yield from (self.mistake(WORDS.format(mistake=each), BOTH) for each in said)

    def declared(self, mistake: DeclarationMistake) -> DeclarationMistake:
        """A mistake of the declaration, at the line of its function."""
        line = self._line()
        return mistake.within(line) if line else mistake

    def mistake(self, what: Any, now_what: Any, part: str = "") -> DeclarationMistake:
        """One mistake, at the line of its function."""
        where = " · ".join(each for each in (self._line(), self.noun, part) if each)
        return DeclarationMistake(where=where, what=what, so_what=self.so_what, now_what=now_what)

    def _line(self) -> str:
        return where_function_is(self.function, sys.modules.get(getattr(self.function, "__module__", "")))

    def _stopped(self, tried: Tried, correct: Text) -> DeclarationMistake | None:
        if tried.blocking is not None:
            return self.mistake(BLOCKS, QUICK, tried.blocking.where)
        if tried.hung:
            return self.mistake(HANGS.format(seconds=f"{PATIENCE * self.seconds:g}"), QUICK, tried.where)
        if tried.error is not None:
            error = f"{type(tried.error).__name__}: {tried.error}"[:200]
            return self.mistake(RAISES.format(error=error), correct)
        return None


def nothing_lent(finder: Finder | None = None) -> Connection:
    """The connection in tests: no other system, and nothing remembered."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(nobody))
    return Connection(http=http, now=MORNING, finder=finder or FindsNothing())


def nobody(request: httpx.Request) -> httpx.Response:
    """Who answers there."""
    raise httpx.ConnectError("there is no other system in tests", request=request)
