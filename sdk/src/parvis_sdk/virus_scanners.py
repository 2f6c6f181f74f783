"""Virus scanners: what looks at each file that is received, before anybody gets it.

class Watchful:
    name, title = "watchful", Text(fr="Vigilant", en="Watchful")
    most_bytes, seconds = 25_000_000, 60.0

    async def scan(self, content: BinaryIO) -> Verdict:
        return Infected(virus="Eicar") if b"EICAR" in content.read() else Clean()

    async def ping(self) -> None:
        return None
"""

import inspect
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Protocol, runtime_checkable

from msgspec import Struct

from parvis_sdk.cleaning import clean
from parvis_sdk.errors import DeclarationMistake, Words
from parvis_sdk.text import Text

LONGEST_SECONDS = 250.0
PING_SECONDS = 2.0
LONGEST_NAME = 100
LONGEST_WHY = 200
NAME = re.compile(r"[a-z][a-z0-9_-]{1,59}")


class Clean(Struct, frozen=True):
    """Nothing was found."""


class Infected(Struct, frozen=True, kw_only=True):
    """A virus was found; `virus` is its name by the scanner, shown to the sender of the file."""

    virus: str


class NotScanned(Struct, frozen=True, kw_only=True):
    """The scanner answers, and will not judge this content (too large, locked); operators read `why`, in its own words.

    The file stays held, others are looked at, and this one is asked about again after ten minutes, then more rarely.
    """

    why: str


Verdict = Clean | Infected | NotScanned


@runtime_checkable
class VirusScanner(Protocol):
    """A noun that judges contents. The operator chooses one by its `name`, in the setting `files.scanner`.

    Until its verdict is there a file is held: kept, named as being looked at, its content given to nobody. The host
    asks again while the scanner is away, destroys what is infected and tells who sent it; a scanner only looks.

    `title` is how operators read of it. `most_bytes` is the size of the largest content that it takes; no larger file
    is received. `seconds` (250 at most) is how long one content may take; who is silent for longer counts as away.
    """

    name: str
    title: Text
    most_bytes: int
    seconds: float

    async def scan(self, content: BinaryIO) -> Verdict:
        """The verdict on one content, read from its beginning to its end. It may be large, and reading blocks: read
        pieces in `asyncio.to_thread`. Several contents are looked at side by side. Raises `Later` when its system does
        not answer.
        """
        ...

    async def ping(self) -> None:
        """Raise `Later` unless it answers, within two seconds."""
        ...


NO_NAME = Text(fr="son nom n’est pas utilisable", en="its name cannot be used")
SMALL_LETTERS = Text(
    fr="écrivez-le en minuscules, chiffres, _ et -", en="write it in lowercase letters, digits, _ and -"
)
NO_TITLE = Text(fr="il n’a pas de titre dans les deux langues", en="it has no title in both languages")
GIVE_TITLE = Text(fr="donnez un Text avec fr et en", en="give a Text with fr and en")
NO_SIZE = Text(fr="most_bytes n’est pas un nombre d’octets", en="most_bytes is not a number of bytes")
GIVE_SIZE = Text(fr="écrivez un entier, comme 25_000_000", en="write a whole number, such as 25_000_000")
NO_TIME = Text(
    fr="seconds n’est pas une durée de {most}\u00a0s au plus", en="seconds is not a time of {most} s or less"
).format(most=f"{LONGEST_SECONDS:g}")
GIVE_TIME = Text(fr="écrivez un nombre, comme 60.0", en="write a number, such as 60.0")
NOT_ASYNC = Text(fr="{name} n’est pas async", en="{name} is not async")
WRITE_IT = Text(fr="écrivez `async def {name}`", en="write `async def {name}`")
NO_VERDICT = Text(
    fr="scan a répondu {answer}, au lieu de Clean, Infected ou NotScanned",
    en="scan answered {answer} instead of Clean, Infected or NotScanned",
)
ANSWER_ONE = Text(fr="répondez l’un des trois", en="answer one of the three")
NO_WORDS = Text(fr="{kind} est sans mot dans {field}", en="{kind} has no words in {field}")
SAY_IT = Text(
    fr="dites ce qui a été trouvé, ou pourquoi rien ne l’a été", en="say what was found, or why nothing was looked at"
)


def scanner_mistakes(scanner: Any) -> Iterator[DeclarationMistake]:
    """Every mistake of the declaration of one scanner."""

    def mistake(what: Words, now_what: Text) -> DeclarationMistake:
        return DeclarationMistake(where=f"scanner {scanner.name!r}", what=what, now_what=now_what)

    if not isinstance(scanner.name, str) or not NAME.fullmatch(scanner.name):
        yield mistake(NO_NAME, SMALL_LETTERS)
    title = scanner.title
    if not isinstance(title, Text) or not (title.fr and title.en):
        yield mistake(NO_TITLE, GIVE_TITLE)
    if not _is_number(scanner.most_bytes, int) or scanner.most_bytes < 1:
        yield mistake(NO_SIZE, GIVE_SIZE)
    if not _is_number(scanner.seconds, (int, float)) or not 0 < scanner.seconds <= LONGEST_SECONDS:
        yield mistake(NO_TIME, GIVE_TIME)
    for method, said in (("scan", "scan(self, content)"), ("ping", "ping(self)")):
        if not inspect.iscoroutinefunction(getattr(scanner, method)):
            yield mistake(NOT_ASYNC.format(name=method), WRITE_IT.format(name=said))


def verdict_mistakes(verdict: Any) -> Iterator[DeclarationMistake]:
    """Why an answer of `scan` is no verdict."""
    if not isinstance(verdict, Clean | Infected | NotScanned):
        what = NO_VERDICT.format(answer=repr(verdict)[:80])
        yield DeclarationMistake(where="scan", what=what, so_what="", now_what=ANSWER_ONE)
        return
    for field in verdict.__struct_fields__:
        words = getattr(verdict, field)
        if not isinstance(words, str) or not clean(words):
            what = NO_WORDS.format(kind=type(verdict).__name__, field=field)
            yield DeclarationMistake(where="scan", what=what, so_what="", now_what=SAY_IT)


def bounded(verdict: Verdict) -> Verdict:
    """A verdict whose words are of one line and not longer than what is kept of them."""
    match verdict:
        case Infected(virus=virus):
            return Infected(virus=_line(virus)[:LONGEST_NAME])
        case NotScanned(why=why):
            return NotScanned(why=_line(why)[:LONGEST_WHY])
    return verdict


def _line(words: str) -> str:
    return " ".join(clean(words).split())


def _is_number(value: Any, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)
