"""The tree of errors that cross the border between the host and a plugin.

    ParvisError
      DeclarationError   an author's mistakes, all of them at once
      OutsideError       another system did not do what was asked
        Later            try again: it is away or busy
        Refused          do not try again: it said no
          Unreachable    nothing reaches the person at the address of the message
          Foreign        it answered about something that is not ours

A resident's mistake is no error: it is a value, `parvis_sdk.problems.Problems`.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from parvis_sdk.cleaning import clean
from parvis_sdk.renamed import now_at, say_renamed
from parvis_sdk.text import Text

AWAY = Text(fr="l’autre système est absent ou occupé", en="the other system is away or busy")

FOREIGN = Text(
    fr="la réponse porte sur autre chose que {sent}\u00a0: {what}. Rien n’en a été gardé",
    en="its answer is about something other than {sent}: {what}; nothing of it was kept",
)
NAMELESS = Text(
    fr="la réponse ne dit pas qu’elle porte sur {sent}. Rien n’en a été gardé",
    en="its answer does not say that it is about {sent}; nothing of it was kept",
)


Words = Text | str
"""A `Text` is said in the language of each reader, plain words as they are."""


def said(words: Words, language: str = "en") -> str:
    """These words in a language, or as they came."""
    return words if isinstance(words, str) else words.to(language)


LEFT_OUT = Text(fr="l’extension est laissée de côté", en="the plugin is left out")


class DeclarationMistake(Struct, frozen=True, kw_only=True):
    """One mistake of an author: where it is, what it is, what follows, and what to do now."""

    where: str
    what: Words
    so_what: Words = LEFT_OUT
    now_what: Words

    def within(self, outer: str) -> "DeclarationMistake":
        """The same mistake seen from one level up, such as the request type around a field."""
        place = f"{outer} · {self.where}" if self.where else outer
        return DeclarationMistake(where=place, what=self.what, so_what=self.so_what, now_what=self.now_what)

    def to(self, language: str) -> str:
        """All of it in one line, in a language where it is there."""
        words = (said(each, language) for each in (self.what, self.so_what, self.now_what))
        return " · ".join(part for part in (self.where, *words) if part)

    def __str__(self) -> str:
        return self.to("en")


if not TYPE_CHECKING:
    __getattr__ = now_at(__name__, __name__, Slip="DeclarationMistake")


class ParvisError(Exception):
    """The root of all errors of the contract."""


class DeclarationError(ParvisError):
    """An author declared something that cannot work; `mistakes` holds every mistake, not the first only."""

    def __init__(self, mistakes: tuple[DeclarationMistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))

    @property
    def slips(self) -> tuple[DeclarationMistake, ...]:
        """What `mistakes` were called."""
        say_renamed("DeclarationError.slips", "mistakes")
        return self.mistakes


class OutsideError(ParvisError):
    """Another system did not do what was asked of it.

    `words` say why, to operators: a `Text` in the language of each, a plain string as it is. `reason` is the same for
    logs, in English where it is there.
    """

    def __init__(self, words: Text | str) -> None:
        self.words = clean(words) if isinstance(words, str) else words.each(lambda each, _: clean(each))
        self.reason = said(self.words)
        super().__init__(self.reason)


class Later(OutsideError):
    """The other system is away or busy; the host tries again, not before `retry_after` when that is given.

    After several in a row the host leaves the whole system alone for a while; `only_this` says that nothing but this
    one thing must wait, such as one full mailbox.
    """

    def __init__(
        self,
        words: Text | str = AWAY,
        retry_after: timedelta | None = None,
        *,
        only_this: bool = False,
    ) -> None:
        self.retry_after = retry_after
        self.only_this = only_this
        super().__init__(words)


class Refused(OutsideError):
    """The other system refuses and would refuse again; the host stops and shows `words` to the operator."""


class Unreachable(Refused):
    """A channel's own no: what was refused is the address of the person, not the message.

    The desk then owes the person a call or a letter. `for_good` says that nothing will ever arrive there; without it,
    only this message did not (a full box). `status` is the enhanced status code (RFC 3463) of a mail server, and
    `said` its words.
    """

    def __init__(self, words: Text | str, *, for_good: bool = True, status: str = "", said: str = "") -> None:
        self.for_good = for_good
        self.status = status
        self.said = said
        super().__init__(words)


class Foreign(Refused):
    """The other system answered about somebody else: the key in its answer is not the one that was sent.

    Nothing of such an answer may be kept, and nothing may be written to the record that it names: the host parks it
    for a person. `sent` is our key, `answered` the one that came back, `number` what they call that record.
    """

    def __init__(self, sent: str, answered: str = "", number: str = "") -> None:
        self.sent = sent
        self.answered = answered
        self.number = number
        what = " · ".join(part[:80] for part in (number, answered) if part)
        super().__init__((FOREIGN if answered else NAMELESS).format(sent=sent, what=what))


def must_fit(sent: str, answered: str, number: str = "") -> None:
    """Raise `Foreign` unless the key in an answer is the one that was sent."""
    if answered != sent:
        raise Foreign(sent, answered, number)
