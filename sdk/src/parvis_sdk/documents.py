"""Documents that a step issues: permits, certificates, letters and receipts, numbered, signed and verifiable."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, Literal

from parvis_sdk.document_contents import (
    Content,
    answered_in_any_case,
    content_mistakes,
    content_mistakes_in,
    may_be_empty,
)
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.mistakes import text_mistakes
from parvis_sdk.parts import Fact, Part
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

Kind = Literal["permit", "certificate", "refusal", "letter", "receipt"]
TOLD = ("document_title", "document_number", "document_link")
"""What messages about a document may say: its title, its number, and the page on which anybody may verify it."""

FILLED = ("title", "number", "date", "until", "reference", "requester", "place", "type", "town")
"""What `lead`, `body` and `closing` may say besides the answers that the document shows."""


class Document(Part, frozen=True, kw_only=True, omit_defaults=True, tag="document"):
    """A document of the town, made when a step brings "issued" about. Nothing is sent unless it could be made.

    `number` is its pattern, such as `PC-{year}-{number:05}`: counted for each town, and for each year where the pattern
    names it. `shows` names the answers that it lists, of the form, of the step that issues it or of one before;
    `conditions` one answer whose lines it numbers. What `lead`, `body` and `closing` say of an answer (`{reason}`) is
    not listed again. A sentence whose `{names}` have nothing to say is left out: what they name is always answered, or
    named in `may_lack`. With `files`, it names those that came with the request, each with the beginning of its digest.

    `holds` are its tables, its map and its pictures, in their order, below what it `shows`. What may be empty on some
    request is named in `may_lack`, by its code, as a sentence is by its names.

    `labels` has, by code, the text that replaces that of a question.

    `template` is a Typst file of the plugin's package (`documents/permit.typ`), which defines `paper(it)`; without one
    the usual document is made. `source` is its text: the host reads it when it starts, and a request keeps it.

    `validity` names the validity that the document is worth: once it has expired, so has the document. What a later
    move issues takes the place of what was issued before, unless `beside` keeps all of them valid. It has a
    number of its own, except that the number lives on, as its next version, once the validity is renewed; with
    `keeps_number` it always does, until the document is revoked.
    """

    FACTS: ClassVar[dict[str, Fact]] = {
        "issued": Fact(title=Text(fr="{title}\u00a0: délivrance", en="{title}: issued"), brought=True, names=TOLD),
        "revoked": Fact(
            title=Text(fr="{title}\u00a0: révocation", en="{title}: revoked"),
            brought=True,
            subject=Text(fr="{title}\u00a0: document révoqué", en="{title}: document revoked"),
            body=Text(
                fr="Le document numéro\u00a0{document_number} est révoqué et n’a plus de valeur.",
                en="Document No. {document_number} is revoked and no longer has any value.",
            ),
            names=TOLD,
        ),
        "replaced": Fact(
            title=Text(fr="{title}\u00a0: remplacement", en="{title}: replaced"),
            subject=Text(fr="{title}\u00a0: nouvelle version", en="{title}: new version"),
            body=Text(
                fr="Une nouvelle version du document numéro\u00a0{document_number} remplace la précédente.\n\n{link}",
                en="A new version of document No. {document_number} replaces the one before.\n\n{link}",
            ),
            names=TOLD,
        ),
    }
    kind: Kind
    number: str
    lead: Text | None = None
    body: Text | None = None
    shows: tuple[str, ...] = ()
    labels: dict[str, Text] = {}
    conditions: str = ""
    closing: Text | None = None
    files: bool = False
    template: str = ""
    source: str = ""
    languages: Literal["requester", "both"] = "requester"
    validity: str = ""
    beside: bool = False
    keeps_number: bool = False
    may_lack: tuple[str, ...] = ()
    holds: tuple[Content, ...] = ()

    def said(self) -> frozenset[str]:
        """The names that its sentences fill in."""
        texts = [text for text in (self.lead, self.body, self.closing) if text is not None]
        return frozenset(name for text in texts for code in text.languages() for name in NAME.findall(text.to(code)))

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this document that can be seen without its request type."""
        yield from super().mistakes()
        where = f"document {self.code!r}"
        for name, text in (("lead", self.lead), ("body", self.body), ("closing", self.closing)):
            yield from text_mistakes(text, f"{where} · {name}")
        for code, label in self.labels.items():
            yield from text_mistakes(label, f"{where} · label {code!r}")
            if code not in self.shows:
                yield DeclarationMistake(
                    where=where, what=f"{code!r} has a label and is not shown", now_what="add it to `shows`"
                )
        yield from number_mistakes(self.number, where)
        yield from content_mistakes(self.holds, where)
        if self.template and not TEMPLATE.fullmatch(self.template):
            what, now_what = f"{self.template!r} is no Typst file of the package", "name it like 'documents/permit.typ'"
            yield DeclarationMistake(where=where, what=what, now_what=now_what)
        if self.source:
            yield from source_mistakes(self.source, where)
            if self.holds and not HOLDING.search(self.source):
                what = "the template shows nothing of what the document `holds`"
                yield DeclarationMistake(where=where, what=what, now_what="call `holds(it)` or `usual(it)` in it")

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """The names used that do not exist: questions, a validity, values of other facts of its step."""
        where, workflow, facts = f"document {self.code!r}", request_type.workflow, request_type.facts()
        asked = [field.code for field in (*request_type.form.fields(), *workflow.fields())]
        for code in (*self.shows, self.conditions):
            if code and code not in asked:
                now_what = "name a question of the form, or of a move"
                yield DeclarationMistake(where=where, what=f"{code!r} is asked nowhere", now_what=now_what)
        if self.validity and not any(
            part.part == "validity" and part.code == self.validity for part in request_type.parts
        ):
            now_what = "declare a `Validity` of that code, or correct it"
            yield DeclarationMistake(where=where, what=f"there is no validity {self.validity!r}", now_what=now_what)
        moves = [each for each in workflow.transitions if self.fact("issued") in workflow.brought_by(each)]
        beside = {fact for move in moves for fact in workflow.brought_by(move) if fact in facts}
        told = {name for fact in beside if not fact.startswith("document.") for name in facts[fact].names}
        for name in sorted(self.said() - {*FILLED, *told, *self.shows, self.conditions}):
            now_what = f"use {', '.join(FILLED)}, or an answer that it shows"
            yield DeclarationMistake(where=where, what=f"nothing fills in {{{name}}}", now_what=now_what)
        for name in sorted((self.said() & {*self.shows, self.conditions, "place"}) - {*self.may_lack, *told}):
            if _may_be_empty(name, request_type, moves):
                what = f"{{{name}}} may have no answer, and its sentence would be missing"
                now_what = f"have {name!r} answered in any case, or name it in `may_lack`"
                yield DeclarationMistake(where=where, what=what, now_what=now_what)
        yield from _held_mistakes(self, request_type, moves)


def _held_mistakes(
    document: Document, request_type: "RequestType", moves: Sequence[Transition]
) -> Iterator[DeclarationMistake]:
    """What its tables, maps and pictures name in vain, and which of them could be missing without its author's word."""
    where = f"document {document.code!r}"
    yield from content_mistakes_in(document.holds, request_type, where)
    for each in document.holds:
        if each.code not in document.may_lack and may_be_empty(each, request_type, moves):
            what = f"{each.code!r} may have nothing to show, and would be missing"
            now_what = f"make sure that there is something, or name {each.code!r} in `may_lack`"
            yield DeclarationMistake(where=where, what=what, now_what=now_what)


def _may_be_empty(name: str, request_type: "RequestType", moves: Sequence[Transition]) -> bool:
    """Whether neither the form nor every step that issues the document makes sure of an answer."""
    if name == "place":
        return request_type.place.need != "required"
    return not answered_in_any_case(name, request_type, moves)


TEMPLATE = re.compile(r"[a-z0-9_\-]+(/[a-z0-9_\-]+)*\.typ")
NAME = re.compile(r"{(\w+)}")
COUNTED = re.compile(r"\{number(?::0[1-9])?\}")
OUTSIDE = re.compile(r"\b(?:eval|plugin)\s*\(|\b(?:import|include)\b(?!\s*\"parvis\.typ\")")
HOLDING = re.compile(r"\b(?:usual|holds)\(")
PAPER = re.compile(r"^#let\s+paper\s*\(", re.MULTILINE)
MOST_NUMBER = 40


def number_mistakes(pattern: str, where: str) -> Iterator[DeclarationMistake]:
    """Whether numbers of this pattern can be told apart."""
    plain = COUNTED.sub("", pattern).replace("{year}", "")
    if len(COUNTED.findall(pattern)) != 1 or "{" in plain or "}" in plain:
        now_what = "write it like 'PC-{year}-{number:05}'"
        yield DeclarationMistake(where=where, what=f"the pattern {pattern!r} does not count", now_what=now_what)
    if len(plain) + 14 > MOST_NUMBER:
        what = f"numbers of {pattern!r} would be longer than {MOST_NUMBER} characters"
        yield DeclarationMistake(where=where, what=what, now_what="shorten it")


def source_mistakes(source: str, where: str) -> Iterator[DeclarationMistake]:
    """Every mistake of a template: imports beyond the host's kit, or a missing definition."""
    if found := OUTSIDE.search(source):
        what = f"the template reaches outside: {found[0].strip()!r}"
        yield DeclarationMistake(where=where, what=what, now_what='import "parvis.typ" only')
    if not PAPER.search(source):
        yield DeclarationMistake(
            where=where, what="the template defines no paper", now_what="write `#let paper(it) = …`"
        )
