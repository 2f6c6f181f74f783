"""Supplements: what the town asks its requester to correct or to add, point by point, and the rules of time for it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from msgspec import Struct

from parvis_sdk.conditions import Answered, Condition, fields_of, holds
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField
from parvis_sdk.mistakes import code_mistakes, condition_mistakes, text_mistakes
from parvis_sdk.parts import Fact, Part
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Workflow

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

QUESTION, DETAIL = "question", "detail"
OTHER = Text(fr="Autre chose", en="Something else")
NAMES = ("points", "until", "reason")


class Reason(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A ready reason for an agent who marks a problem: `title` for the list, `words` for the requester.

    In the words, `{question}` is the question's own label, and `{detail}` what the agent has to say of this request.
    `fields` are the codes of the questions that it suits; with none it suits them all.
    """

    code: str
    title: Text
    words: Text
    fields: tuple[str, ...] = ()

    @property
    def wants_detail(self) -> bool:
        """Whether the words say nothing until the agent has added their own."""
        return f"{{{DETAIL}}}" in self.words.fr


class Rule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A rule by which the host asks for a missing or implausible answer, without an agent.

    Where `when` holds of the answers, or always without it, the question `field` is to be answered, and `must` to hold;
    a comparison waits until everything that it looks at is answered. `says` is what the requester reads; agents, who
    see the rule as `title`, may use it as a ready reason too. What a rule has asked once it never asks again.
    """

    code: str
    title: Text
    says: Text
    field: str
    must: Condition | None = None
    when: Condition | None = None

    @property
    def reason(self) -> Reason:
        """The same as a ready reason."""
        return Reason(code=self.code, title=self.title, words=self.says, fields=(self.field,))

    def is_broken_by(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers lack what it asks for.

        >>> from parvis_sdk.conditions import AtLeast
        >>> value = Rule(code="value", title=Text(fr="Valeur"), says=Text(fr="Peu plausible"), field="value",
        ...     must=AtLeast(field="value", other="area", times=100))
        >>> [value.is_broken_by(each) for each in ({"value": 5, "area": 5}, {"value": 900, "area": 5}, {"value": 5})]
        [True, False, False]
        """
        if self.when is not None and not holds(self.when, answers):
            return False
        if self.must is None:
            return not holds(Answered(field=self.field), answers)
        asked = all(holds(Answered(field=code), answers) for code in fields_of(self.must))
        return asked and not holds(self.must, answers)


class Point(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing to correct: the code of its question (empty: something else), a ready reason, the agent's own words."""

    field: str
    reason: str = ""
    words: str = ""


class Supplement(Part, frozen=True, kw_only=True, omit_defaults=True, tag="supplement"):
    """The list of what is missing or wrong, sent to the requester, who answers on one page made of those points.

    They have `days` to do so; the desk may say another day. Reminders go out on the days before the last one that are
    named in `remind`. With `abandon_after`, what is still not answered so many days after the last one comes to be
    abandoned, `warn` days after a last message. With `partial`, some points may be sent before the others.

    `fields` are the codes of the questions that may be marked, all of them when empty. The step that brings "asked"
    about must lead to a state in which the town waits; it may be made again after "abandoned", with as many days.

    Where a state or a step brings "checked" about, the `rules` are looked at: what they ask for is put on the list, and
    "lacking" comes true, after which the system makes the step that sends it. Where nothing lacks nothing comes of it.
    """

    FACTS: ClassVar[dict[str, Fact]] = {
        "checked": Fact(title=Text(fr="{title}\u00a0: règles vérifiées", en="{title}: rules checked"), brought=True),
        "lacking": Fact(
            title=Text(fr="{title}\u00a0: à demander selon les règles", en="{title}: information required by the rules")
        ),
        "asked": Fact(
            title=Text(fr="{title}\u00a0: demande envoyée", en="{title}: asked for"),
            brought=True,
            subject=Text(
                fr="Requête {reference}\u00a0: renseignements à fournir", en="Request {reference}: information needed"
            ),
            body=Text(
                fr="Nous avons étudié votre requête. Voici ce qu’il faut corriger ou ajouter\u00a0:\n\n{points}\n\n"
                "Répondez au plus tard le {until}\u00a0: {link}",
                en="We have reviewed your request. Please correct or add the following:\n\n{points}\n\n"
                "Answer by {until}: {link}",
            ),
            names=NAMES,
        ),
        "reminded": Fact(
            title=Text(fr="{title}\u00a0: rappel envoyé", en="{title}: reminder sent"),
            subject=Text(
                fr="Requête {reference}\u00a0: rappel, nous attendons votre réponse",
                en="Request {reference}: reminder, we need your answer",
            ),
            body=Text(
                fr="Ceci est un rappel. Il reste à corriger ou à ajouter\u00a0:\n\n{points}\n\n"
                "Répondez au plus tard le {until}\u00a0: {link}",
                en="This is a reminder. Please correct or add the following:\n\n{points}\n\nAnswer by {until}: {link}",
            ),
            names=NAMES,
        ),
        "warned": Fact(
            title=Text(fr="{title}\u00a0: dernier avis envoyé", en="{title}: last notice sent"),
            subject=Text(
                fr="Requête {reference}\u00a0: dernier avis avant la fermeture",
                en="Request {reference}: final notice before closing",
            ),
            body=Text(
                fr="Nous attendons toujours votre réponse. Sans elle, votre requête sera considérée comme abandonnée "
                "le {until}. Pour répondre\u00a0: {link}",
                en="We are still waiting for your answer. Without it, we will consider your request abandoned on "
                "{until}. To answer: {link}",
            ),
            names=NAMES,
        ),
        "partly": Fact(title=Text(fr="{title}\u00a0: réponse partielle reçue", en="{title}: answered in part")),
        "answered": Fact(
            title=Text(fr="{title}\u00a0: réponse reçue", en="{title}: answered"),
            subject=Text(fr="Requête {reference}\u00a0: réponse reçue", en="Request {reference}: answer received"),
            body=Text(
                fr="Nous avons reçu vos corrections et vos ajouts. Nous reprenons l’étude de votre requête.",
                en="We have received your corrections and additions and are reviewing your request again.",
            ),
        ),
        "abandoned": Fact(
            title=Text(fr="{title}\u00a0: restés sans réponse", en="{title}: never answered"),
            subject=Text(
                fr="Requête {reference}\u00a0: considérée comme abandonnée",
                en="Request {reference}: considered abandoned",
            ),
            body=Text(
                fr="Sans réponse de votre part, nous considérons votre requête comme abandonnée. Rien n’est "
                "perdu\u00a0: ce que vous avez envoyé est conservé. Pour la reprendre\u00a0: {link}",
                en="Without an answer from you, we consider your request abandoned. Nothing is lost: what you sent is "
                "kept. To resume it: {link}",
            ),
        ),
    }
    REVISES: ClassVar[bool] = True
    days: int = 30
    remind: tuple[int, ...] = (7, 1)
    abandon_after: int = 0
    warn: int = 10
    partial: bool = False
    fields: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    rules: tuple[Rule, ...] = ()

    def reason(self, code: str) -> Reason | None:
        """The ready reason of that code, or the rule of that code as one."""
        return next((each for each in self._ready() if each.code == code), None)

    def _ready(self) -> tuple[Reason, ...]:
        return (*self.reasons, *(rule.reason for rule in self.rules))

    def reasons_for(self, field: str) -> tuple[Reason, ...]:
        """The ready reasons that suit a question, in the order declared."""
        return tuple(each for each in self._ready() if not each.fields or field in each.fields)

    def may_be_marked(self, field: str) -> bool:
        """Whether a question may be marked; something else always may."""
        return not field or not self.fields or field in self.fields

    def said(self, point: Point, fields: Sequence[AnyField]) -> Text:
        """What the requester reads about one point, in each language: the ready words, then the agent's own."""
        label = next((each.label for each in fields if each.code == point.field), OTHER)
        reason, own = self.reason(point.reason), Text(fr=point.words)
        if reason is None:
            return own
        words = reason.words.format(question=label, detail=own)
        return words if reason.wants_detail or not point.words else _after(words, point.words)

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this supplement."""
        yield from super().mistakes()
        where = f"supplement {self.code!r}"
        if self.days < 1 or self.abandon_after < 0:
            yield DeclarationMistake(where=where, what="it is over before it began", now_what="give a day or more")
        if any(not 0 < day < self.days for day in self.remind):
            yield DeclarationMistake(
                where=where, what="a reminder does not fall before the last day", now_what="correct `remind`"
            )
        if self.abandon_after and not 0 < self.warn <= self.abandon_after:
            now_what = "give `warn` a day or more, at most `abandon_after`"
            yield DeclarationMistake(where=where, what="nobody is warned before it is abandoned", now_what=now_what)
        codes = [each.code for each in self._ready()]
        for each in self._ready():
            yield from _reason_mistakes(each, f"{where} · reason {each.code!r}", codes.count(each.code))

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """Questions that the form does not ask, and steps that send a list without waiting for its answer."""
        yield from _asking_mistakes(self, request_type.workflow)
        yield from _rule_mistakes(self, request_type)
        known = {field.code for field in request_type.form.fields()}
        named = (*self.fields, *(field for reason in self._ready() for field in reason.fields))
        for code in dict.fromkeys(named):
            if code not in known:
                where = f"supplement {self.code!r}"
                yield DeclarationMistake(
                    where=where, what=f"{code!r} is nothing that is asked", now_what="correct the code"
                )


def _after(words: Text, own: str) -> Text:
    return words.each(lambda said, _: f"{said} {own}")


def _reason_mistakes(reason: Reason, where: str, times: int) -> Iterator[DeclarationMistake]:
    yield from code_mistakes(reason.code, where)
    yield from text_mistakes(reason.title, f"{where} · title")
    yield from text_mistakes(reason.words, f"{where} · words")
    if times > 1:
        yield DeclarationMistake(where=where, what="two reasons have this code", now_what="give each its own code")
    for language in reason.words.languages():
        for name in re.findall(r"{(\w+)}", reason.words.to(language)):
            if name not in (QUESTION, DETAIL):
                yield DeclarationMistake(
                    where=where, what=f"nothing fills in {{{name}}}", now_what=f"use {{{QUESTION}}} or {{{DETAIL}}}"
                )


def _rule_mistakes(supplement: Supplement, request_type: "RequestType") -> Iterator[DeclarationMistake]:
    where, workflow = f"supplement {supplement.code!r}", request_type.workflow
    for rule in supplement.rules:
        here = f"{where} · rule {rule.code!r}"
        for name, condition in (("must", rule.must), ("when", rule.when)):
            yield from condition_mistakes(condition, request_type.form.fields(), f"{here} · {name}")
        if rule.must is not None and rule.field not in fields_of(rule.must):
            what = f"its `must` does not look at {rule.field!r}"
            yield DeclarationMistake(where=here, what=what, now_what="ask for an answer that it looks at")
        if not supplement.may_be_marked(rule.field):
            what = f"{rule.field!r} may not be marked"
            yield DeclarationMistake(where=here, what=what, now_what="add it to `fields`")
    checked, lacking = supplement.fact("checked"), supplement.fact("lacking")
    brings = [*(each.brings for each in workflow.states), *(each.brings for each in workflow.transitions)]
    if supplement.rules and not any(checked in facts for facts in brings):
        now_what = f"bring {checked!r} about in a state or by a move"
        yield DeclarationMistake(where=f"{where} · rules", what="nothing looks at its rules", now_what=now_what)
    sends = (
        lacking in each.after and supplement.fact("asked") in workflow.brought_by(each) for each in workflow.transitions
    )
    if supplement.rules and not any(sends):
        what, now_what = (
            "nothing sends what its rules ask for",
            f"make the transition that asks for it after {lacking!r}",
        )
        yield DeclarationMistake(where=f"{where} · rules", what=what, now_what=now_what)


def _asking_mistakes(supplement: Supplement, workflow: Workflow) -> Iterator[DeclarationMistake]:
    asked = supplement.fact("asked")
    waiting = {state.code for state in workflow.states if state.phase is Phase.WAITING_FOR_YOU}
    now_what = "bring it about on the way into a state of phase waiting_for_you"
    for state in workflow.states:
        if asked in state.brings and state.code not in waiting:
            yield DeclarationMistake(
                where=f"state {state.code!r}", what=f"{asked!r} and nobody waits", now_what=now_what
            )
    for each in workflow.transitions:
        if asked in each.brings and each.target not in waiting:
            yield DeclarationMistake(
                where=f"transition {each.code!r}", what=f"{asked!r} and nobody waits", now_what=now_what
            )
    if asked in (workflow.initial.brings if workflow.states else ()):
        what = f"{asked!r} before anybody has read it"
        yield DeclarationMistake(
            where=f"state {workflow.initial.code!r}", what=what, now_what="bring it about in a later state"
        )
