"""Parts that a request type may declare beside its workflow, and the facts by which part and workflow speak.

A fact is one word about one part of a request, written `<part>.<code>.<word>`: "validity.permit.expired". A transition
`brings` facts about, `needs` them to be true, and is made by itself `after` one has come true. So neither the workflow
nor the host knows what a permit, a fee or an inspection is: they know which facts stand.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from msgspec import Struct, structs

from parvis_sdk.errors import Slip
from parvis_sdk.fields import AnyField
from parvis_sdk.forms import Form
from parvis_sdk.slips import code_slips, text_slips
from parvis_sdk.text import Text


class Fact(Struct, frozen=True, kw_only=True):
    """What may become true of a part. `title` is the history's word; in all texts `{title}` is the part's own title.

    `brought` marks what a move can bring about. With `subject` and `body` the requester is told of it, also where the
    request type has no message of its own for it; `names` are what such messages may fill in, beside the usual ones.
    """

    title: Text
    brought: bool = False
    subject: Text | None = None
    body: Text | None = None
    names: tuple[str, ...] = ()


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What all parts have: the word of their kind, the facts that may become true of them, a code and a title."""

    part: ClassVar[str]
    FACTS: ClassVar[dict[str, Fact]]
    code: str
    title: Text

    def fact(self, word: str) -> str:
        """The whole name of a fact of this part."""
        return f"{self.part}.{self.code}.{word}"

    def facts(self) -> dict[str, Fact]:
        """Every fact of this part by its whole name, its words filled in."""
        return {self.fact(word): _of_this(fact, self.title) for word, fact in self.FACTS.items()}

    def form(self, word: str) -> Form | None:
        """What people answer in this part under that word, where they answer anything."""
        return None

    def slips(self) -> Iterator[Slip]:
        """Every mistake of the author of this part."""
        where = f"{self.part} {self.code!r}"
        yield from code_slips(self.code, where)
        yield from text_slips(self.title, f"{where} · title")

    def asked_slips(self, fields: Sequence[AnyField], moving: Sequence[AnyField]) -> Iterator[Slip]:
        """What the part looks at among the questions of the form, or those of the moves, and will not find there."""
        yield from ()


def _of_this(fact: Fact, title: Text) -> Fact:
    # Only the title: what else stands in braces is filled in when a message is composed.
    return structs.replace(
        fact,
        title=fact.title.format(title=title),
        subject=fact.subject.format(title=title) if fact.subject else None,
        body=fact.body.format(title=title) if fact.body else None,
    )
