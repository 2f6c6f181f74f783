"""File stores: where the contents of attachments, photos and documents are kept, each once, under its digest.

class InMemory:
    name, title, seconds = "memory", Text(fr="Mémoire", en="Memory"), 1.0

    def keep(self, content: bytes) -> str: ...
    def open(self, digest: str) -> BinaryIO: ...
"""

import inspect
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO, Protocol, runtime_checkable

from parvis_sdk.errors import DeclarationMistake, ParvisError, Words
from parvis_sdk.text import Text

PARTS = 256
LONGEST_SECONDS = 120.0
NAME = re.compile(r"[a-z][a-z0-9_-]{1,59}")
DIGEST = re.compile(r"[0-9a-f]{64}")
METHODS = {
    "keep": ("content",),
    "open": ("digest",),
    "set_aside": ("digest",),
    "bring_back": ("digest",),
    "drop": ("digest",),
    "kept_before": ("part", "moment"),
    "check": (),
}


class FilesAway(ParvisError):
    """No room for a file, or no way to write or read one; nothing of it was kept and the next try may succeed.

    The words are for operators; nobody else reads them.
    """


@runtime_checkable
class FileStore(Protocol):
    """A noun that keeps contents under their SHA-256 digest (64 small hexadecimal digits). The operator chooses one by
    its `name`, in the setting `files.store`; without that, contents lie in a folder of the host.

    Every method blocks, and may be called from several threads at once and from several processes; the host calls it on
    threads that nothing else waits for and gives it `seconds` (120 at most). Each raises `FilesAway` when the store
    cannot do now what is asked; after it, nothing is half done that a second call would not put right.
    """

    name: str
    title: Text
    seconds: float

    def keep(self, content: bytes) -> str:
        """Keep the content safely, so that it is still there after a power cut, and answer its digest; the same content
        twice is one file. What is set aside does not count as kept."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """The whole content of that digest, also one that is set aside, at hand: reading it asks nobody any more.
        `FileNotFoundError` when it is gone."""
        ...

    def set_aside(self, digest: str) -> None:
        """Before dropping: from now on `keep` writes this content anew, while `open` still finds it. Nothing happens
        where there is no such content."""
        ...

    def bring_back(self, digest: str) -> None:
        """Undo `set_aside`: the content is needed again."""
        ...

    def drop(self, digest: str) -> None:
        """Destroy what was set aside, and nothing that was kept since."""
        ...

    def kept_before(self, part: int, moment: datetime) -> list[str]:
        """The digests that begin with the byte `part` (0 to 255), of contents kept or set aside before that moment of
        the host's clock; a store with a clock of its own makes up for the difference. What a writer left half done
        before it is cleared away here."""
        ...

    def check(self) -> None:
        """Whether contents could be kept and read now; raises `FilesAway` otherwise."""
        ...


@runtime_checkable
class LinkingFileStore(FileStore, Protocol):
    """A store that can also serve downloads itself, so that large contents bypass the host."""

    def link(self, digest: str, name: str, kind: str) -> str:
        """A URL that downloads the content under this name and media type for a minute; empty if not wanted.

        It checks no rights. The host gives it only to people who may have the file, and only for files that passed the
        antivirus."""
        ...


def part_of(digest: str) -> int:
    """The partition, of the `PARTS` of a store, that holds a digest."""
    return int(digest[:2], 16)


def is_digest(digest: Any) -> bool:
    """Whether this is a SHA-256 digest as stores write it."""
    return isinstance(digest, str) and DIGEST.fullmatch(digest) is not None


NO_NAME = Text(fr="son nom n’est pas utilisable", en="its name cannot be used")
SMALL_LETTERS = Text(
    fr="écrivez-le en minuscules, chiffres, _ et -", en="write it in lowercase letters, digits, _ and -"
)
NO_TITLE = Text(fr="il n’a pas de titre dans les deux langues", en="it has no title in both languages")
GIVE_TITLE = Text(fr="donnez un Text avec fr et en", en="give a Text with fr and en")
NO_TIME = Text(
    fr="seconds n’est pas une durée de {most}\u00a0s au plus", en="seconds is not a time of {most} s or less"
).format(most=f"{LONGEST_SECONDS:g}")
GIVE_TIME = Text(fr="écrivez un nombre, comme 20.0", en="write a number, such as 20.0")
IS_ASYNC = Text(fr="{name} est async", en="{name} is async")
TAKES_NOT = Text(fr="{name} ne prend pas ({given})", en="{name} does not take ({given})")
WRITE_IT = Text(fr="écrivez `def {name}({given})`", en="write `def {name}({given})`")


def store_mistakes(store: Any) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one store."""

    def mistake(what: Words, now_what: Text) -> DeclarationMistake:
        return DeclarationMistake(where=f"store {store.name!r}", what=what, now_what=now_what)

    if not isinstance(store.name, str) or not NAME.fullmatch(store.name):
        yield mistake(NO_NAME, SMALL_LETTERS)
    if not isinstance(store.title, Text) or not (store.title.fr and store.title.en):
        yield mistake(NO_TITLE, GIVE_TITLE)
    seconds = store.seconds
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or not 0 < seconds <= LONGEST_SECONDS:
        yield mistake(NO_TIME, GIVE_TIME)
    links = {"link": ("digest", "name", "kind")} if hasattr(store, "link") else {}
    for name, given in (METHODS | links).items():
        method = getattr(store, name)
        words = WRITE_IT.format(name=name, given=", ".join(("self", *given)))
        if inspect.iscoroutinefunction(method):
            yield mistake(IS_ASYNC.format(name=name), words)
        elif not _takes(method, len(given)):
            yield mistake(TAKES_NOT.format(name=name, given=", ".join(given)), words)


def _takes(method: Any, many: int) -> bool:
    try:
        inspect.signature(method).bind(*([None] * many))
    except (TypeError, ValueError):
        return False
    return True
