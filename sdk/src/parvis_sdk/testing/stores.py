"""A contract for file stores, with a system that answers and with one that is down.

class TestOurStore(FileStoreContract):
    @pytest.fixture
    def store(self, server): return OurStore(server.address)

    @pytest.fixture
    def away(self): return OurStore("http://127.0.0.1:1")
"""

import asyncio
import hashlib
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from time import time  # noqa: TID251  contents are dated by the clock of the machine
from typing import Any

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.file_stores import PARTS, FilesAway, FileStore, part_of, store_mistakes
from parvis_sdk.lines import where_function_is
from parvis_sdk.text import Text

LONG = timedelta(days=2)
ABSENT = "0" * 64


class FileStoreContract:
    """Inherit these tests under a name that begins with `Test`, with two fixtures: `store`, empty or not, whose system
    answers, and `away`, whose system is not there."""

    def test_it_is_declared_as_hosts_want_it(self, store: FileStore) -> None:
        found = [str(each) for each in store_mistakes(store)]
        assert not found, "\n".join(found)

    def test_it_says_that_it_is_well_and_leaves_no_content_of_that(self, store: FileStore) -> None:
        before = everything(store)
        store.check()
        assert everything(store) == before

    def test_what_is_kept_is_found_again_byte_by_byte(self, store: FileStore) -> None:
        for content in (b"", b"a hole", bytes(range(256)) * 50_000):
            digest = store.keep(content)
            assert digest == hashlib.sha256(content).hexdigest()
            assert read(store, digest) == content

    def test_a_content_kept_twice_is_one_file(self, store: FileStore) -> None:
        assert store.keep(b"twice") == store.keep(b"twice")
        assert everything(store).count(digest_of(b"twice")) == 1

    def test_what_was_never_kept_is_gone(self, store: FileStore) -> None:
        assert is_gone(store, ABSENT)

    def test_what_is_no_digest_is_gone_and_leads_nowhere(self, store: FileStore) -> None:
        for odd in ("", "a", "../../etc/passwd", "A" * 64, "é" * 64, f"{ABSENT}\n"):
            assert is_gone(store, odd), odd

    def test_what_is_set_aside_is_still_read_until_it_is_dropped(self, store: FileStore) -> None:
        digest = store.keep(b"set aside")
        store.set_aside(digest)
        assert read(store, digest) == b"set aside"
        store.drop(digest)
        assert is_gone(store, digest)

    def test_what_is_brought_back_is_kept(self, store: FileStore) -> None:
        digest = store.keep(b"brought back")
        store.set_aside(digest)
        store.bring_back(digest)
        store.drop(digest)
        assert read(store, digest) == b"brought back"

    def test_what_is_kept_anew_outlives_the_drop_of_what_was_set_aside(self, store: FileStore) -> None:
        digest = store.keep(b"kept anew")
        store.set_aside(digest)
        store.keep(b"kept anew")
        store.drop(digest)
        assert read(store, digest) == b"kept anew"

    def test_each_step_may_be_made_twice_and_without_a_content(self, store: FileStore) -> None:
        digest = store.keep(b"each step twice")
        for step in (store.set_aside, store.set_aside, store.bring_back, store.bring_back, store.set_aside, store.drop):
            step(digest)
        for step in (store.drop, store.set_aside, store.bring_back, store.drop):
            step(digest)
            assert is_gone(store, digest)

    def test_set_aside_again_after_it_was_kept_anew_it_is_dropped_once_and_for_all(self, store: FileStore) -> None:
        digest = store.keep(b"aside twice")
        store.set_aside(digest)
        store.keep(b"aside twice")
        store.set_aside(digest)
        assert read(store, digest) == b"aside twice"
        store.drop(digest)
        assert is_gone(store, digest)

    def test_what_lies_there_is_listed_by_part_and_age(self, store: FileStore) -> None:
        digest, aside = store.keep(b"listed"), store.keep(b"listed aside")
        store.set_aside(aside)
        now = now_here()
        for each in (digest, aside):
            assert store.kept_before(part_of(each), now + LONG).count(each) == 1
            assert each not in store.kept_before(part_of(each), now - LONG)
            assert each not in store.kept_before((part_of(each) + 1) % PARTS, now + LONG)

    def test_it_takes_its_time_from_the_clock_of_the_host(self, store: FileStore) -> None:
        before = now_here() - timedelta(seconds=30)
        digest = store.keep(f"kept at {before}".encode())
        assert digest not in store.kept_before(part_of(digest), before)
        assert digest in store.kept_before(part_of(digest), now_here() + timedelta(seconds=30))

    def test_whoever_keeps_drops_and_reads_at_once_never_reads_half_a_content(self, store: FileStore) -> None:
        content, wrong = bytes(range(256)) * 4_000, list[str]()
        digest = digest_of(content)

        def reading() -> None:
            with suppress(FileNotFoundError):
                if read(store, digest) != content:
                    wrong.append("half a content was read")

        def dropping() -> None:
            store.set_aside(digest)
            store.drop(digest)

        for _ in range(3):
            at_once(lambda: store.keep(content), reading, dropping, reading, lambda: store.keep(content))
        assert not wrong, wrong
        store.keep(content)
        assert read(store, digest) == content

    def test_while_its_system_is_away_it_says_so_and_never_that_a_content_is_gone(self, away: FileStore) -> None:
        now = now_here()
        asked: dict[str, Callable[[], Any]] = {
            "keep": lambda: away.keep(b"nowhere"),
            "open": lambda: away.open(ABSENT),
            "kept_before": lambda: away.kept_before(0, now),
            "check": away.check,
        }
        for name, ask in asked.items():
            assert is_away(ask), f"{name} does not say that its system is away"


def now_here() -> datetime:
    """The current time of this machine, in UTC."""
    return datetime.fromtimestamp(time(), UTC)


def read(store: FileStore, digest: str) -> bytes:
    """The whole content of a digest."""
    with store.open(digest) as file:
        return file.read()


def is_gone(store: FileStore, digest: str) -> bool:
    """Whether a store says that there is no such content."""
    try:
        store.open(digest).close()
    except FileNotFoundError:
        return True
    return False


def is_away(ask: Callable[[], Any]) -> bool:
    """Whether a store says that it cannot do that now."""
    try:
        ask()
    except FilesAway as error:
        return bool(str(error))
    return False


def digest_of(content: bytes) -> str:
    """The digest under which a content is kept."""
    return hashlib.sha256(content).hexdigest()


def everything(store: FileStore) -> list[str]:
    """The digests of all contents of a store."""
    later = now_here() + LONG
    return sorted(digest for part in range(PARTS) for digest in store.kept_before(part, later))


def at_once(*steps: Callable[[], Any]) -> None:
    """Runs these steps in parallel on separate threads; the first exception fails the test."""
    with ThreadPoolExecutor(len(steps)) as threads:
        taken = [threads.submit(step) for step in steps]
    for each in taken:
        each.result()


AWAY_FROM = Text(fr="les fichiers ne sont ni reçus ni lus", en="files are neither received nor read")
RAISES = Text(fr="{method} lève {error}", en="{method} raises {error}")
SAY_AWAY = Text(
    fr="levez FilesAway quand le système ne répond pas", en="raise FilesAway when its system does not answer"
)
HANGS = Text(fr="{method} ne répond pas en {seconds}\u00a0s", en="{method} does not answer within {seconds} s")
LIMIT = Text(fr="donnez une limite à chaque appel", en="give each call a limit")
ANSWERS = Text(fr="{method} répond {answer}", en="{method} answers {answer}")
DOCUMENTED = Text(fr="répondez ce que FileStore demande", en="answer what FileStore asks for")


def keeping_mistakes(store: FileStore) -> Iterator[DeclarationMistake]:
    """Every mistake of a store: in its declaration, and with a system that may be down."""
    found = [_placed(store, "keep", each.where, each.what, each.now_what) for each in store_mistakes(store)]
    yield from found
    content, now = b"A content of the contract of plugins.", now_here()
    digest = digest_of(content)
    asked: dict[str, tuple[Callable[[], Any], Callable[[Any], bool]]] = {
        "keep": (lambda: store.keep(content), lambda answer: answer == digest),
        "open": (lambda: store.open(ABSENT), lambda answer: hasattr(answer, "read")),
        "kept_before": (lambda: store.kept_before(0, now), lambda answer: isinstance(answer, list)),
        "check": (store.check, lambda answer: answer is None),
    }
    for method, (ask, is_right) in asked.items() if not found else ():
        done = within(store.seconds, ask)
        if not done:
            words = HANGS.format(method=method, seconds=f"{store.seconds:g}")
            yield _placed(store, method, "", words, LIMIT)
        elif isinstance(done[0], Exception) and not isinstance(done[0], FilesAway | FileNotFoundError):
            error = f"{type(done[0]).__name__}: {done[0]}"[:200]
            yield _placed(store, method, "", RAISES.format(method=method, error=error), SAY_AWAY)
        elif not isinstance(done[0], Exception) and not is_right(done[0]):
            answer = repr(done[0])[:80]
            yield _placed(store, method, "", ANSWERS.format(method=method, answer=answer), DOCUMENTED)


def within(seconds: float, ask: Callable[[], Any]) -> list[Any]:
    """The result or exception of a call in a list; empty if it does not return in time."""
    done: list[Any] = []

    async def asking() -> Any:
        return ask()

    def asked() -> None:
        loop = asyncio.new_event_loop()
        task = loop.create_task(asking())
        loop.run_until_complete(asyncio.wait({task}))
        loop.close()
        done.append(task.exception() or task.result())

    thread = threading.Thread(target=asked, daemon=True)
    thread.start()
    thread.join(seconds)
    return done


def _placed(store: FileStore, method: str, part: str, what: Any, now_what: Any) -> DeclarationMistake:
    line = where_function_is(getattr(type(store), method, None), sys.modules.get(type(store).__module__))
    where = " · ".join(each for each in (line, part or f"store {store.name!r}") if each)
    return DeclarationMistake(where=where, what=what, so_what=AWAY_FROM, now_what=now_what)
