"""Answers that stand in place of a request: what is said, how it is counted, and who may file all the same."""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from parvis.i18n import speaking
from parvis.jurisdictions import Jurisdiction
from parvis_sdk.problems import Problem
from parvis_sdk.text import Text

AdviceKind = Literal["stop", "divert", "schedule", "operation"]
CODES: dict[AdviceKind, str] = {
    "stop": "stopped",
    "divert": "diverted",
    "schedule": "not_today",
    "operation": "operation_under_way",
}


class Advice(Struct, frozen=True, kw_only=True):
    """An answer that stands in place of a request.

    With words in `insist`, whoever asks may file all the same; without them only the people of the town, with a reason.
    `link`, `phone` and `to` (another type) are where to turn; `follow` is the reference of what is followed
    instead, with the words of the buttons to follow it and to see it.
    """

    kind: AdviceKind
    code: str
    title: Text
    text: Text
    path: str = "place"
    insist: Text | None = None
    link: str = ""
    phone: str = ""
    to: str = ""
    follow: str = ""
    follow_words: Text = Text(fr="")
    see_words: Text = Text(fr="")

    @property
    def mark(self) -> str:
        """What is counted, and what a person insists on."""
        return f"{self.kind}:{self.code}"

    def problem(self) -> Problem:
        """The same as the answer to a machine, or to a form that was sent anyway."""
        title = self.title.each(lambda words, _: f"{words}.")
        turning = (Text(fr=words, en=words) for words in (self.link, self.phone, self.follow))
        message = joined(title, self.text, *turning).each(lambda words, _: " ".join(words.split("\n")))
        return Problem(path=self.path, code=CODES[self.kind], message=message)


class Insistence(Struct, frozen=True, kw_only=True):
    """What a person files in spite of: the marks of advice (None: of any), why, and whether they are of the town."""

    marks: frozenset[str] | None = None
    reason: str = ""
    by_town: bool = False

    def overrules(self, advice: Advice) -> bool:
        """Whether this is filed although that was said."""
        allowed = (self.by_town and bool(self.reason)) or advice.insist is not None
        return allowed and (self.marks is None or advice.mark in self.marks)


NOBODY = Insistence(marks=frozenset())


def in_each(town: Jurisdiction, words: Callable[[], str]) -> Text:
    """The same said in each language."""
    said = {}
    for language in ("fr", "en"):
        with speaking(language, town.time_zone):
            said[language] = words()
    return Text(fr=said["fr"], en=said["en"])


def joined(*parts: Text, by: str = " ") -> Text:
    """Sentences one after the other, those that say nothing left out."""
    said = [part for part in parts if part.fr]
    return Text(fr=by.join(part.fr for part in said), en=by.join(part.to("en") for part in said))
