"""Parts that a request type may declare besides its workflow, and the facts that connect both.

A fact is one word about one part of a request, written `<part>.<code>.<word>`: "validity.permit.expired". A transition
`brings` facts about, `needs` them to be true, and is made by itself `after` one has come true. So neither the workflow
nor the host knows what a permit, a fee or an inspection is: they know which facts stand.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

import msgspec
from msgspec import Raw, Struct, structs

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.forms import Form
from parvis_sdk.mistakes import code_mistakes, text_mistakes
from parvis_sdk.renamed import also_called
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

NO_KIND = "part"
"""The word of a kind of parts to which its author gave none."""


class Fact(Struct, frozen=True, kw_only=True):
    """What may become true of a part. `title` is the history's word; in all texts `{title}` is the part's own title.

    `brought` marks what a step can bring about. With `subject` and `body` the requester is told of it, also where the
    request type has no message of its own for it; `names` are what such messages may fill in, beside the usual ones.
    """

    title: Text
    brought: bool = False
    subject: Text | None = None
    body: Text | None = None
    names: tuple[str, ...] = ()


class KindWord:
    """The word of a kind of part: the `tag` of its class, or what an unknown part was stored under."""

    def __get__(self, part: "Part | None", noun: "type[Part]") -> str:
        return _head(bytes(part.stored)).part if isinstance(part, UnknownPart) else str(noun.__struct_config__.tag)


class Part(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="part", tag=NO_KIND):
    """What all parts have: the word of their kind, the facts that may become true of them, a code and a title.

    A kind of part is a class of these with a `tag` of its own, the word under which declarations are stored for ever:
    `class Hearing(Part, frozen=True, kw_only=True, omit_defaults=True, tag="hearing")`.

    With `REVISES`, answers and files may be sent anew in it: a decision then notes on which of their versions it rests.
    """

    part: ClassVar[KindWord] = KindWord()
    FACTS: ClassVar[dict[str, Fact]] = {}
    REVISES: ClassVar[bool] = False
    code: str
    title: Text

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        also_called(cls, slips="mistakes", slips_in="mistakes_in")

    @classmethod
    def read(cls, stored: bytes) -> Self:
        """A part of this kind as it was stored; override it to read what an earlier version of the kind wrote."""
        return msgspec.json.decode(stored, type=cls)

    def fact(self, word: str) -> str:
        """The whole name of a fact of this part."""
        return f"{self.part}.{self.code}.{word}"

    def facts(self) -> dict[str, Fact]:
        """Every fact of this part by its whole name, its words filled in."""
        return {self.fact(word): _of_this(fact, self.title) for word, fact in self.FACTS.items()}

    def form(self, word: str) -> Form | None:
        """What people answer in this part under that word, where they answer anything."""
        return None

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this part that shows without its request type."""
        where = f"{self.part} {self.code!r}"
        if self.part == NO_KIND:
            what = f"{type(self).__name__} has no word for its kind"
            yield DeclarationMistake(where=where, what=what, now_what='write `tag="..."` in its class')
        yield from code_mistakes(self.code, where)
        yield from text_mistakes(self.title, f"{where} · title")

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """Names in the part that the request type does not declare."""
        yield from ()


also_called(Part, slips="mistakes", slips_in="mistakes_in")


class UnknownPart(Part, frozen=True, kw_only=True, tag="unknown"):
    """A part whose kind nobody here can read: kept as it was stored, word for word."""

    stored: Raw


class _Head(Struct, frozen=True):
    """What every stored part begins with, whatever its kind."""

    part: str
    code: str = ""
    title: Text = Text(fr="")


def read_part(stored: bytes, nouns: Mapping[str, type[Part]]) -> Part:
    """A stored part as its class; unchanged if there is no class, or if the class can no longer read it."""
    head = _head(stored)
    noun = nouns.get(head.part)
    if noun is not None:
        try:
            return noun.read(stored)
        except msgspec.ValidationError:
            pass  # the kind has forgotten how it wrote this: what it wrote stays
    return UnknownPart(code=head.code, title=head.title, stored=Raw(stored))


def stored_part(part: Part) -> Raw:
    """A part as stored: equal parts have equal bytes, also for 1 and 1.0, a list and a tuple."""
    if isinstance(part, UnknownPart):
        return part.stored
    if not isinstance(part, Part):
        raise TypeError(f"{part!r} is no part of a request type")
    return Raw(msgspec.json.encode(part.read(msgspec.json.encode(part)), order="deterministic"))


def _head(stored: bytes) -> _Head:
    return msgspec.json.decode(stored, type=_Head)


def _of_this(fact: Fact, title: Text) -> Fact:
    # Only the title: what else stands in braces is filled in when a message is composed.
    return structs.replace(
        fact,
        title=fact.title.format(title=title),
        subject=fact.subject.format(title=title) if fact.subject else None,
        body=fact.body.format(title=title) if fact.body else None,
    )
