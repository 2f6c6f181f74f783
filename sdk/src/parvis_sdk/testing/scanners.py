"""Tests for virus scanners: checks without their system, and a contract for a system that answers.

class TestClamAV(VirusScannerContract):
    @pytest.fixture
    def scanner(self, clamd): return ClamAV(Settings(socket=clamd.socket))

    @pytest.fixture
    def away(self): return ClamAV(Settings(socket="/nowhere/clamd.sock"))
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, ClassVar

from parvis_sdk.errors import DeclarationMistake, OutsideError
from parvis_sdk.lines import where_function_is
from parvis_sdk.testing.watched_thread import Tried, WatchedThread
from parvis_sdk.text import Text
from parvis_sdk.virus_scanners import Clean, Infected, NotScanned, VirusScanner, scanner_mistakes, verdict_mistakes

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECONDS = 10.0
HELD = Text(fr="les fichiers reçus attendent", en="files that are received wait")
RAISES = Text(fr="{method} lève {error}", en="{method} raises {error}")
LATER = Text(
    fr="levez Later quand le système ne répond pas, et répondez NotScanned quand il refuse",
    en="raise Later when the system does not answer, and answer NotScanned when it refuses",
)
HANGS = Text(fr="{method} ne répond pas en {seconds}\u00a0s", en="{method} does not answer within {seconds} s")
LIMIT = Text(fr="donnez une limite à chaque appel", en="give each call a limit")
BLOCKS = Text(fr="{method} bloque sans rien attendre avec `await`", en="{method} blocks without awaiting anything")
IN_THREAD = Text(fr="lisez et appelez dans asyncio.to_thread", en="read and call in asyncio.to_thread")


def scanning_mistakes(scanner: VirusScanner) -> Iterator[DeclarationMistake]:
    """Every mistake of a scanner: in its declaration, and with a system that may be down."""
    found = [_placed(scanner, each) for each in scanner_mistakes(scanner)]
    yield from found
    if found:
        return
    package = str(getattr(scanner.scan, "__module__", "")).partition(".")[0]
    with WatchedThread(package, SECONDS) as thread:
        for content in (b"A hole in the street.", EICAR):
            tried = thread.tries(lambda content=content: scanner.scan(io.BytesIO(content)))  # type: ignore[misc]
            if (stopped := _stopped(scanner, "scan", tried)) is not None:
                yield stopped
                return
            if tried.error is None:
                yield from (_placed(scanner, each) for each in verdict_mistakes(tried.answer))
        if (stopped := _stopped(scanner, "ping", thread.tries(scanner.ping))) is not None:
            yield stopped


def _stopped(scanner: VirusScanner, method: str, tried: Tried) -> DeclarationMistake | None:
    what: Any = None
    if tried.blocking is not None:
        what, now_what = BLOCKS.format(method=method), IN_THREAD
    elif tried.hung:
        what, now_what = HANGS.format(method=method, seconds=f"{SECONDS:g}"), LIMIT
    elif tried.error is not None and not isinstance(tried.error, OutsideError):
        error = f"{type(tried.error).__name__}: {tried.error}"[:200]
        what, now_what = RAISES.format(method=method, error=error), LATER
    return None if what is None else _placed(scanner, DeclarationMistake(where=method, what=what, now_what=now_what))


def _placed(scanner: VirusScanner, mistake: DeclarationMistake) -> DeclarationMistake:
    module = sys.modules.get(type(scanner).__module__)
    line = where_function_is(getattr(type(scanner), "scan", None), module)
    where = " · ".join(each for each in (line, mistake.where or f"scanner {scanner.name!r}") if each)
    return DeclarationMistake(where=where, what=mistake.what, so_what=HELD, now_what=mistake.now_what)


class VirusScannerContract:
    """Inherit these tests under a name that begins with `Test`, with two fixtures: `scanner`, whose system answers and
    knows the virus in `infected`, and `away`, whose system is not there."""

    infected: ClassVar[bytes] = EICAR

    def test_it_is_declared_as_hosts_want_it(self, scanner: VirusScanner) -> None:
        found = [str(each) for each in scanner_mistakes(scanner)]
        assert not found, "\n".join(found)

    def test_it_says_that_it_answers(self, scanner: VirusScanner) -> None:
        asyncio.run(scanner.ping())

    def test_what_is_clean_is_clean(self, scanner: VirusScanner) -> None:
        for content in (b"", b"A hole in the street.", bytes(range(256)) * 2_000):
            assert asyncio.run(scanner.scan(io.BytesIO(content))) == Clean()

    def test_a_virus_is_found_and_named_wherever_it_lies(self, scanner: VirusScanner) -> None:
        for content in (self.infected, bytes(200_000) + self.infected + bytes(200_000)):
            verdict = asyncio.run(scanner.scan(io.BytesIO(content)))
            assert isinstance(verdict, Infected), verdict
            assert not list(verdict_mistakes(verdict))

    def test_several_contents_at_once_each_have_their_own_verdict(self, scanner: VirusScanner) -> None:
        async def all_at_once() -> list[Any]:
            contents = [self.infected if number % 2 else b"clean" for number in range(6)]
            return await asyncio.gather(*(scanner.scan(io.BytesIO(each)) for each in contents))

        assert [type(each) for each in asyncio.run(all_at_once())] == [Clean, Infected] * 3

    def test_what_is_larger_than_it_takes_is_never_called_clean(self, scanner: VirusScanner) -> None:
        verdict = asyncio.run(scanner.scan(io.BytesIO(bytes(scanner.most_bytes + 1_000_000))))
        assert isinstance(verdict, NotScanned), verdict

    def test_when_its_system_is_away_it_says_so_and_judges_nothing(self, away: VirusScanner) -> None:
        for asked in (lambda: away.scan(io.BytesIO(b"clean")), away.ping):
            assert asyncio.run(said_of(asked)), "it answers although nobody is there"


async def said_of(asked: Callable[[], Awaitable[Any]]) -> str:
    """Why another system did not do what was asked; empty if it did."""
    try:
        await asked()
    except OutsideError as error:
        return error.reason
    return ""
