"""Ready texts as they are chosen for one request: by name from a list, or by a slash and the beginning of a word."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.requests.records import Record
from parvis_canned_replies.ready_texts import ReadyText
from parvis_canned_replies.standing import StandingTexts
from parvis_sdk.text_normalisation import fold, words_of

SLASH = "/"
OWN = "own:"


class Offer(Struct, frozen=True, kw_only=True):
    """A canned reply offered for one request; `is_own` where it is personal to the agent who writes."""

    ready: ReadyText
    is_own: bool = False

    @property
    def code(self) -> str:
        """By which it is chosen from the list."""
        return f"{OWN}{self.ready.code}" if self.is_own else self.ready.code


def offered(standing: StandingTexts, town: Jurisdiction, record: Record, agent: str) -> tuple[Offer, ...]:
    """Those of the town that fit the type and the unit of this request, then one's own that speak its language."""
    fitting = (ready for ready in standing.texts if _fits(ready, town, record))
    own = (ready for ready in standing.own.get(agent, ()) if record.language in ready.text.languages())
    return (*(Offer(ready=ready) for ready in fitting), *(Offer(ready=ready, is_own=True) for ready in own))


def _fits(ready: ReadyText, town: Jurisdiction, record: Record) -> bool:
    return ready.is_for(record.type) and (
        not ready.units or any(record.unit in town.units_under(unit) for unit in ready.units)
    )


def called(texts: Sequence[ReadyText], given: str) -> ReadyText | None:
    """The one text that is meant by what follows a slash: its code, else the only one of which a word begins so."""
    wanted = fold(given).strip()
    if not wanted:
        return None
    exact = next((ready for ready in texts if fold(ready.code) == wanted), None)
    begun = [ready for ready in texts if any(word.startswith(wanted) for word in _words(ready))]
    return exact or (begun[0] if len(begun) == 1 else None)


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
