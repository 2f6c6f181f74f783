"""The file store that a plugin brings, as the host uses it: on other threads, within its limit, its answers judged."""

import hashlib
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore, Lock, Thread
from typing import Any, BinaryIO, cast

import structlog

from parvis.files import LocalFiles
from parvis.plugins.registry import PluginRegistry
from parvis.plugins.threads import StuckCall, in_time
from parvis.plugins.trying import Failure, caught_at_once
from parvis.troubles import Trouble, Words
from parvis_sdk.file_stores import FilesAway, FileStore, LinkingFileStore, is_digest, part_of
from parvis_sdk.lines import where_function_is
from parvis_sdk.text import Text

FOLDER = "folder"  # what settings call the folder of the host
AT_ONCE = 16  # calls, those that did not answer in time included until their threads end
REST = 5.0  # seconds in which a store that did not answer in time is not asked again
NOBODY = "no plugin brings the file store {name}"
LATE = "it did not answer within {seconds:g} s"
BUSY = "it already has {count} calls in progress"
ANSWERED = "{method} answered {answer}"
OTHER = "the contents it returned are not those stored"
IN_MEMORY, PIECE, LARGEST = 2_000_000, 1_000_000, 1_000_000_000  # bytes of a content
Then = Callable[[Any, float], Any]  # what becomes of an answer on the thread of the call, which began at that moment
AS_IT_IS: Then = lambda answer, began: answer  # noqa: E731
NOT_DONE, MEND = "nothing is kept or destroyed", "correct the plugin"
log = structlog.get_logger("parvis.files")


def store_by(name: str, plugins: PluginRegistry, folder: Path) -> FileStore:
    """The store of that name, or the folder of the host; a name that nobody brings keeps nothing, and says so."""
    if name in ("", FOLDER):
        return LocalFiles(folder)
    plugin = next((each for each in plugins.by_name.values() if name in each.file_stores), None)
    return GuardedFiles(name, plugins.file_stores.get(name), str(plugin.origin) if plugin else name)


class GuardedFiles:
    """One store, which can be away, slow or broken without harming anybody but who asks for a file."""

    def __init__(self, name: str, store: FileStore | None, who: str) -> None:
        self.name, self.store, self.who = name, store, who
        self.title = store.title if store is not None else Text(fr=name, en=name)
        self.seconds = float(store.seconds) if store is not None else 1.0
        self._free = BoundedSemaphore(AT_ONCE)
        self._left: list[Thread] = []
        self._looking = Lock()
        self._rests_until = 0.0

    def keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self._asked("keep", lambda answer: answer == digest, content)
        return digest

    def open(self, digest: str) -> BinaryIO:
        if not is_digest(digest):
            raise FileNotFoundError(digest)
        copied: BinaryIO | str = self._asked("open", _anything, digest, then=partial(_copied, digest, self.seconds))
        if isinstance(copied, str):
            raise self._away("open", "", copied)
        return copied

    def link(self, digest: str, name: str, kind: str) -> str:
        """Where people save it from the store itself; empty where it comes through us: also while the store is away."""
        if not isinstance(self.store, LinkingFileStore) or not is_digest(digest):
            return ""
        try:
            return str(self._asked("link", _is_link, digest, name, kind))
        except (FilesAway, FileNotFoundError):
            return ""

    def set_aside(self, digest: str) -> None:
        self._asked("set_aside", _anything, digest)

    def bring_back(self, digest: str) -> None:
        self._asked("bring_back", _anything, digest)

    def drop(self, digest: str) -> None:
        self._asked("drop", _anything, digest)

    def kept_before(self, part: int, moment: datetime) -> list[str]:
        def is_right(answer: Any) -> bool:
            given: list[Any] = list(answer) if isinstance(answer, list | tuple) else [None]
            return all(is_digest(each) and part_of(each) == part for each in given)

        return list(self._asked("kept_before", is_right, part, moment))

    def check(self) -> None:
        self._asked("check", _anything)

    def _asked(self, method: str, is_right: Callable[[Any], bool], *given: Any, then: Then = AS_IT_IS) -> Any:
        if self.store is None:
            raise FilesAway(NOBODY.format(name=repr(self.name)))
        if time.monotonic() < self._rests_until:
            raise FilesAway(f"{self.who}: {LATE.format(seconds=self.seconds)}")
        if not self._has_place():
            raise FilesAway(f"{self.who}: {BUSY.format(count=AT_ONCE)}")
        call = partial(_tried, partial(getattr(self.store, method), *given), then)
        left: Thread | None = None
        try:
            done = in_time(lambda: caught_at_once(call), self.seconds, type(self.store).__module__.partition(".")[0])
            left = done.thread if isinstance(done, StuckCall) else None
        finally:
            self._give_back(left)
        if isinstance(done, StuckCall):
            self._rests_until = time.monotonic() + REST
            raise self._away(method, done.where, LATE.format(seconds=self.seconds))
        if isinstance(done, Failure):
            raise self._away(method, done.where, done.what)
        if isinstance(done.value, FilesAway | FileNotFoundError):
            raise done.value
        if not is_right(done.value):
            raise self._away(method, "", ANSWERED.format(method=method, answer=repr(done.value)[:80]))
        return done.value

    def _has_place(self) -> bool:
        with self._looking:
            ended = [each for each in self._left if not each.is_alive()]
            self._left = [each for each in self._left if each not in ended]
            if ended:
                self._free.release(len(ended))
        return self._free.acquire(timeout=self.seconds)

    def _give_back(self, left: Thread | None) -> None:
        """The place of a call that is over; a thread that was left keeps its own until it ends."""
        if left is None:
            self._free.release()
            return
        with self._looking:
            self._left.append(left)

    def _away(self, method: str, where: str, what: Words) -> FilesAway:
        function = getattr(type(self.store), method, None)
        line = where or where_function_is(function, sys.modules.get(type(self.store).__module__))
        place = " · ".join(each for each in ("file_stores()", line) if each)
        trouble = Trouble(who=self.who, where=place, what=what, so_what=NOT_DONE, now_what=MEND)
        log.error("the file store is broken", store=self.name, trouble=str(trouble))
        return FilesAway(str(trouble))


class MovingFiles:
    """Two stores while contents move from `source` to `target`: kept in this one, found and destroyed in both."""

    def __init__(self, target: FileStore, source: FileStore) -> None:
        self.target, self.source = target, source
        self.name, self.seconds = target.name, target.seconds + source.seconds
        arrow = "{target} ← {source}"
        self.title = Text(
            fr=arrow.format(target=target.title.fr, source=source.title.fr),
            en=arrow.format(target=target.title.to("en"), source=source.title.to("en")),
        )

    def keep(self, content: bytes) -> str:
        return self.target.keep(content)

    def open(self, digest: str) -> BinaryIO:
        """While one of them is away, what it may have is not gone."""
        away: FilesAway | None = None
        for each in (self.target, self.source, self.target):  # it may arrive between two looks
            try:
                return each.open(digest)
            except FileNotFoundError:
                continue
            except FilesAway as error:
                away = error
        raise away or FileNotFoundError(digest)

    def set_aside(self, digest: str) -> None:
        self.target.set_aside(digest)
        self.source.set_aside(digest)

    def bring_back(self, digest: str) -> None:
        self.target.bring_back(digest)
        self.source.bring_back(digest)

    def drop(self, digest: str) -> None:
        self.target.drop(digest)
        self.source.drop(digest)

    def kept_before(self, part: int, moment: datetime) -> list[str]:
        there = (*self.target.kept_before(part, moment), *self.source.kept_before(part, moment))
        return list(dict.fromkeys(there))

    def check(self) -> None:
        self.target.check()
        self.source.check()


def _tried(call: Callable[[], Any], then: Then) -> Any:
    """What was answered, or what a store says of itself, as a value."""
    began = time.monotonic()
    try:
        return then(call(), began)
    except (FilesAway, FileNotFoundError) as said:
        return said


def _copied(digest: str, seconds: float, given: Any, began: float) -> BinaryIO | str:
    """A content of our own, which asks nobody any more and is what was kept; or what is wrong with what was given."""
    if not callable(getattr(given, "read", None)):
        return ANSWERED.format(method="open", answer=repr(given)[:80])
    seen, size, until = hashlib.sha256(), 0, began + seconds
    with ExitStack() as kept:
        file = kept.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        while size <= LARGEST and time.monotonic() < until and (piece := given.read(PIECE)):
            if not isinstance(piece, bytes):
                return ANSWERED.format(method="read", answer=repr(piece)[:80])
            file.write(piece)
            seen.update(piece)
            size += len(piece)
        if callable(close := getattr(given, "close", None)):
            close()
        if seen.hexdigest() != digest or time.monotonic() >= until:  # nobody waits for it any more
            return OTHER
        file.seek(0)
        kept.pop_all()  # the caller closes it
    return cast("BinaryIO", file)


def _anything(answer: Any) -> bool:
    return True


def _is_link(answer: Any) -> bool:
    return isinstance(answer, str) and (not answer or answer.startswith(("https://", "http://")))
