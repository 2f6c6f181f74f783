"""Obligations: what a decision requires of its holder, until when, what shows that it was done, and what follows.

A planner calls them conditions of the decision; in this sdk a condition is an expression over answers
(`parvis_sdk.conditions`).
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from msgspec import Struct

from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, Date, Group, LongText, OneOf, Option, SeveralOf, YesNo
from parvis_sdk.forms import Form
from parvis_sdk.mistakes import code_mistakes, named_mistakes, text_mistakes
from parvis_sdk.obligation_facts import FACTS
from parvis_sdk.parts import Fact, Part
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType


class Proof(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What shows that an obligation was met: the questions that its holder answers. `lasts` is the code of the date in
    them on which the proof itself runs out, such as the end of an insurance: the obligation then falls due again. Its
    checks may look at answers of the request too: the last day of a permit.
    """

    code: str
    title: Text
    form: Form
    lasts: str = ""


class Obligation(Part, frozen=True, kw_only=True, omit_defaults=True, tag="obligation"):
    """Something to be done after a decision, from the step that brings "imposed" about; it outlives every state.

    `text` says what, with answers to that move filled in by `{code}`. It is due at the end of a day: that answered
    under the code `due` to the step or to the form, else `months` or `days` after; with none of them it has no date.
    On the morning `reminders` days before, on the day itself and `chasers` days after it, the holder is told; `grace`
    days after it, it is overdue. `proofs` are what may show it, one of them demanded (the first, where the town does
    not choose); without any the town sees for itself. With `checked` a proof sent counts once the town accepts it.

    `chosen` is the code of an answer to the imposing move on which it depends: yes, or this obligation's code among
    those chosen. `written` is the code of a group of questions (see `written_obligations`) in which the town writes
    what it requires: every entry is then an obligation of its own under this part, and `text` may be empty.

    A proof whose date `lasts` was answered to the request's own form or to the step counts from the beginning.
    """

    FACTS: ClassVar[dict[str, Fact]] = FACTS
    text: Text | None = None
    due: str = ""
    months: int = 0
    days: int = 0
    reminders: tuple[int, ...] = ()
    chasers: tuple[int, ...] = ()
    grace: int = 0
    proofs: tuple[Proof, ...] = ()
    checked: bool = True
    chosen: str = ""
    written: str = ""

    def proof(self, code: str) -> Proof | None:
        """The proof of that code."""
        return next((each for each in self.proofs if each.code == code), None)

    def form(self, word: str) -> Form | None:
        """The questions of the proof of that code."""
        proof = self.proof(word)
        return proof.form if proof else None

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this obligation."""
        yield from super().mistakes()
        where = f"obligation {self.code!r}"
        yield from text_mistakes(self.text, f"{where} · text")
        if self.text is None and not self.written:
            yield DeclarationMistake(
                where=where, what="it demands nothing", now_what="give its text, or where the town writes it"
            )
        if self.months and self.days:
            yield DeclarationMistake(where=where, what="it falls due in two ways", now_what="give months or days")
        if min((self.months, self.days, self.grace, *self.reminders, *self.chasers), default=0) < 0:
            yield DeclarationMistake(
                where=where, what="a number of days is below zero", now_what="count days and months from zero"
            )
        if self.reminders and not (self.due or self.months or self.days or self.written or self._lasts()):
            yield DeclarationMistake(
                where=where, what="it is recalled but never due", now_what="give due, months or days"
            )
        codes = [proof.code for proof in self.proofs]
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield DeclarationMistake(
                where=where, what=f"two proofs have the code {code!r}", now_what="give each its own code"
            )

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """What it depends on and neither the form nor a step asks; a proof may be compared with answers of both."""
        where, fields, moving = f"obligation {self.code!r}", request_type.form.fields(), request_type.workflow.fields()
        for proof in self.proofs:
            yield from _proof_mistakes(proof, (*fields, *moving), f"{where} · proof {proof.code!r}")
        yield from named_mistakes(self.due, (*fields, *moving), (Date,), f"{where} · due")
        yield from named_mistakes(self.written, moving, (Group,), f"{where} · written")
        yield from named_mistakes(self.chosen, moving, (YesNo, OneOf, SeveralOf), f"{where} · chosen")
        among = [each for each in moving if each.code == self.chosen and isinstance(each, OneOf | SeveralOf)]
        if among and not any(option.code == self.code for each in among for option in each.options):
            what = f"{self.code!r} is not among the options of {self.chosen!r}"
            yield DeclarationMistake(where=f"{where} · chosen", what=what, now_what="offer it, or correct a code")

    def _lasts(self) -> bool:
        return any(proof.lasts for proof in self.proofs)


def _proof_mistakes(proof: Proof, beside: tuple[AnyField, ...], where: str) -> Iterator[DeclarationMistake]:
    yield from code_mistakes(proof.code, where)
    yield from text_mistakes(proof.title, f"{where} · title")
    for mistake in proof.form.mistakes(beside):
        yield mistake.within(where)
    if not proof.form.fields():
        yield DeclarationMistake(
            where=where, what="it asks nothing", now_what="ask what shows that it was done, or take it away"
        )
    if proof.lasts and not isinstance(proof.form.field(proof.lasts), Date):
        yield DeclarationMistake(
            where=where, what=f"{proof.lasts!r} is no date in it", now_what="name a question of kind Date"
        )


def written_obligations(code: str, proofs: tuple[Proof, ...] = (), *, most: int = 12) -> Group:
    """The questions in which the town writes what it requires, to be put among those of the step that grants.

    >>> [field.code for field in written_obligations("conditions").fields]
    ['demand', 'demand_en', 'due_on']
    """
    choice = OneOf(
        code="proof",
        label=Text(fr="Preuve demandée", en="Proof required"),
        options=tuple(Option(code=proof.code, label=proof.title) for proof in proofs),
        required=False,
    )
    return Group(
        code=code,
        label=Text(fr="Conditions particulières", en="Conditions of this decision"),
        item=Text(fr="Condition", en="Condition"),
        required=False,
        least=0,
        most=most,
        fields=(
            LongText(code="demand", label=Text(fr="Ce qui est demandé", en="What is required, in French"), rows=2),
            LongText(
                code="demand_en",
                label=Text(fr="En anglais", en="In English"),
                help=Text(fr="Où la Ville écrit aussi en anglais.", en="Where the town writes in English too."),
                required=False,
                rows=2,
            ),
            Date(code="due_on", label=Text(fr="Au plus tard le", en="By"), required=False, earliest=0),
            *((choice,) if proofs else ()),
        ),
    )
