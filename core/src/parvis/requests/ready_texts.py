"""Ready texts as they are chosen for one request: by name from a list, or by a slash and the beginning of a word."""

from collections.abc import Callable, Sequence

from parvis.folding import fold, words_of
from parvis.requests.records import Record
from parvis.territory import Jurisdiction
from parvis.territory.ready_texts import ReadyText

SLASH = "/"


def offered(town: Jurisdiction, record: Record) -> tuple[ReadyText, ...]:
    """Those of the town that fit this type of request."""
    return tuple(ready for ready in town.ready_texts if ready.is_for(record.type))


def called(texts: Sequence[ReadyText], given: str) -> ReadyText | None:
    """The one text that is meant by what follows a slash: its code, else the only one of which a word begins so."""
    wanted = fold(given).strip()
    if not wanted:
        return None
    exact = [ready for ready in texts if fold(ready.code) == wanted]
    begun = [ready for ready in texts if any(word.startswith(wanted) for word in _words(ready))]
    found = exact or begun
    return found[0] if len(found) == 1 else None


def expanded(words: str, texts: Sequence[ReadyText], written: Callable[[ReadyText], str]) -> str:
    """What is typed, with every line that is only a slash and a word replaced by the text that it calls.

    A slash that calls no text, or more than one, stays as it was typed: it may be a date or a path.
    """
    return "\n".join(_line(line, texts, written) for line in words.split("\n"))


def _line(line: str, texts: Sequence[ReadyText], written: Callable[[ReadyText], str]) -> str:
    bare = line.strip()
    called_so = called(texts, bare[1:]) if bare.startswith(SLASH) and " " not in bare else None
    return line if called_so is None else written(called_so)


def _words(ready: ReadyText) -> tuple[str, ...]:
    titles = " ".join(ready.title.to(language) for language in ready.title.languages())
    return (fold(ready.code), *words_of(f"{ready.code.replace('_', ' ')} {titles}"))
