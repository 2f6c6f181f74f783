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
from parvis_sdk.file_stores import FilesAway, FileStore, is_digest, part_of
from parvis_sdk.lines import where_function_is
from parvis_sdk.text import Text

AT_ONCE = 16  # calls, those that did not answer in time included until their threads end
REST = 5.0  # seconds in which a store that did not answer in time is not asked again
NOBODY = "no plugin brings the file store {name}"
LATE = "it did not answer within {seconds:g} s"
BUSY = "{count} calls to it are under way already"
ANSWERED = "{method} answered {answer}"
OTHER = "what it gave is not what was kept"
IN_MEMORY, PIECE, LARGEST = 2_000_000, 1_000_000, 1_000_000_000  # bytes of a content
Then = Callable[[Any, float], Any]  # what becomes of an answer on the thread of the call, which began at that moment
AS_IT_IS: Then = lambda answer, began: answer  # noqa: E731
NOT_DONE, MEND = "nothing is kept or destroyed", "correct the plugin"
log = structlog.get_logger("parvis.files")


def store_by(name: str, plugins: PluginRegistry, folder: Path) -> FileStore:
    """The store of that name, or the folder of the host; a name that nobody brings keeps nothing, and says so."""
    if not name:
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
        kept.pop_all()  # whoever asked closes it
    return cast("BinaryIO", file)


def _anything(answer: Any) -> bool:
    return True
