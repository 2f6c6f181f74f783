"""Workflows as data: states, named transitions and timers; checked when declared, moved by one pure function."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, TypeVar

from msgspec import Struct, structs

from parvis_sdk.cleaning import clean
from parvis_sdk.conditions import Condition, fields_of, holds
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField
from parvis_sdk.forms import Form, FormAnswers, Section
from parvis_sdk.mistakes import code_mistakes, text_mistakes
from parvis_sdk.problems import Problems
from parvis_sdk.renamed import also_called
from parvis_sdk.requests import Attachment, Phase
from parvis_sdk.text import Text

Mover = Literal["agent", "manager", "requester", "system"]
Stage = TypeVar("Stage", "State", "Transition")


class Timer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A transition that happens after a request has been in a state for a number of days.

    `business` counts the town's business days. The clock of a timer starts when the state is entered.
    """

    transition: str
    days: int
    business: bool = False


class State(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A state of a request. `title` is for the desk, `story` is the sentence for the resident.

    `brings` names the facts of parts (see `parvis_sdk.parts`) that coming here brings about: a fee falls due, opinions
    are asked for.
    """

    code: str
    title: Text
    phase: Phase
    story: Text | None = None
    timers: tuple[Timer, ...] = ()
    brings: tuple[str, ...] = ()


class Need(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact that a step needs where `when` holds of the answers: those of the form, of the steps before, and its own.

    `says` is the sentence for a person who takes the step too early: why it is needed here and not elsewhere.
    """

    fact: str
    when: Condition
    says: Text | None = None


class Transition(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A named move: the button, the API verb, the permission, the translation key and the history word.

    `asks` are the questions to answer when moving (a reason, a proof photo). Answers whose privacy is public or
    internal reach the requester only when `tell` is true; the requester is then told of the step.

    The facts of parts (see `parvis_sdk.parts`): those in `needs` must all stand before it can be made, those in
    `needs_when` where the answers say so; those in `brings` it brings about; when one in `after` has come true, the
    system makes it, if all else allows.
    """

    code: str
    title: Text
    sources: tuple[str, ...]
    target: str
    by: tuple[Mover, ...] = ("agent", "manager")
    asks: Form = Form()
    tell: bool = True
    help: Text | None = None
    tone: Literal["primary", "plain", "warning"] = "plain"
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()
    needs_when: tuple[Need, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether it may need a fact at all."""
        return bool(self.needs or self.needs_when)

    def needed(self, answers: Mapping[str, Any], given: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """The facts that it needs for these answers; before it is `given` its own, no need that looks at them counts.

        >>> from parvis_sdk.conditions import Is
        >>> need = Need(fact="fee.permit.paid", when=Is(field="free", value=False))
        >>> issue = Transition(code="issue", title=Text(fr="Délivrer"), sources=("a",), target="b", needs_when=(need,))
        >>> issue.needed({"free": False}), issue.needed({"free": True})
        (('fee.permit.paid',), ())
        """
        own = {field.code for field in self.asks.fields()} if given is None else set()
        known = {**answers, **(given or {})}
        judged = (need for need in self.needs_when if own.isdisjoint(fields_of(need.when)))
        return tuple(dict.fromkeys((*self.needs, *(need.fact for need in judged if holds(need.when, known)))))


class Moved(Struct, frozen=True, kw_only=True):
    """The answer of `move` when the step is right: the state reached and what was given."""

    source: State
    transition: Transition
    target: State
    given: FormAnswers


class Denied(Struct, frozen=True, kw_only=True):
    """The answer of `move` when it is not: why, and what would be allowed."""

    reason: Text
    code: Literal["unknown", "not_from_here", "not_by_you", "not_yet", "not_possible"]
    allowed: tuple[str, ...] = ()


class Workflow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All states and steps of one kind of request. The first state is where every request begins."""

    states: tuple[State, ...]
    transitions: tuple[Transition, ...]

    @property
    def initial(self) -> State:
        """The state of a request that has just come in."""
        return self.states[0]

    def state(self, code: str) -> State:
        """The state of that code; `KeyError` if there is none."""
        return {state.code: state for state in self.states}[code]

    def transition(self, code: str) -> Transition | None:
        """The transition of that code."""
        return next((transition for transition in self.transitions if transition.code == code), None)

    def fields(self) -> tuple[AnyField, ...]:
        """Every question that a step asks, in the order declared."""
        return tuple(field for each in self.transitions for field in each.asks.fields())

    def moves(self, state: str, mover: Mover) -> tuple[Transition, ...]:
        """What `mover` may do from `state`, in the order declared."""
        return tuple(each for each in self.transitions if state in each.sources and mover in each.by)

    def is_final(self, state: str) -> bool:
        """Whether nothing can be done any more from `state` but by the requester."""
        return not any(state in each.sources and set(each.by) - {"requester"} for each in self.transitions)

    def mistakes(self, beside: tuple[AnyField, ...] = ()) -> tuple[DeclarationMistake, ...]:
        """Every mistake in this workflow; `beside` are the questions of the form."""
        return tuple(_workflow_mistakes(self, beside))

    def brought_by(self, transition: Transition) -> tuple[str, ...]:
        """The facts that a transition causes: its own, then those of its target state."""
        reached = next((state.brings for state in self.states if state.code == transition.target), ())
        return tuple(dict.fromkeys((*transition.brings, *reached)))

    def made_after(self, fact: str, state: str) -> tuple[Transition, ...]:
        """The steps that the system makes from `state` when a fact has come true, in the order declared."""
        return tuple(each for each in self.moves(state, "system") if fact in each.after)

    def without(self, facts: Collection[str]) -> "Workflow":
        """This workflow where these facts never come true: nothing brings them about, needs them or is made after them.

        What was only ever made after them goes whole.
        """
        timed = {timer.transition for state in self.states for timer in state.timers}
        return Workflow(
            states=tuple(_without(each, facts) for each in self.states),
            transitions=tuple(
                _without(each, facts)
                for each in self.transitions
                if each.code in timed or set(each.by) != {"system"} or not each.after or set(each.after) - set(facts)
            ),
        )

    def diagram(self, language: str = "fr") -> str:
        """The workflow as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.code}"]
        lines += [f"    {state.code} : {state.title.to(language)}" for state in self.states]
        lines += [
            f"    {source} --> {each.target} : {each.title.to(language)}"
            for each in self.transitions
            for source in each.sources
        ]
        return "\n".join(lines)


also_called(Workflow, slips="mistakes")


def _without(stage: Stage, facts: Collection[str]) -> Stage:
    named: dict[str, Any] = {
        name: getattr(stage, name) for name in ("needs", "after", "brings") if hasattr(stage, name)
    }
    left: dict[str, Any] = {name: tuple(fact for fact in told if fact not in facts) for name, told in named.items()}
    if isinstance(stage, Transition):
        named["needs_when"] = stage.needs_when
        left["needs_when"] = tuple(need for need in stage.needs_when if need.fact not in facts)
    return structs.replace(stage, **left) if left != named else stage


def move(
    workflow: Workflow,
    state: str,
    transition: str,
    mover: Mover,
    raw: Mapping[str, Any] | None = None,
    *,
    attachments: Mapping[str, Attachment] | None = None,
    **reading: Any,
) -> Moved | Denied | Problems:
    """What comes of `mover` asking for `transition` from `state` with the answers `raw`; changes nothing.

    `Problems` when an answer is missing or wrong, `Denied` when the move itself is not to be had.
    """
    wanted = workflow.transition(transition)
    allowed = tuple(each.code for each in workflow.moves(state, mover))
    if wanted is None:
        return Denied(code="unknown", reason=UNKNOWN.format(name=clean(transition[:60])), allowed=allowed)
    here = workflow.state(state)
    if state not in wanted.sources:
        return Denied(
            code="not_from_here", reason=NOT_FROM_HERE.format(move=wanted.title, state=here.title), allowed=allowed
        )
    if mover not in wanted.by:
        return Denied(code="not_by_you", reason=NOT_BY_YOU.format(move=wanted.title), allowed=allowed)
    given = wanted.asks.read(raw or {}, attachments=attachments, **reading)
    if isinstance(given, Problems):
        return given
    return Moved(source=here, transition=wanted, target=workflow.state(wanted.target), given=given)


UNKNOWN = Text(fr="Aucune étape ne s’appelle « {name} ».", en="No step is called “{name}”.")
NOT_FROM_HERE = Text(
    fr="« {move} » n’est pas possible quand la requête est à l’état « {state} ».",
    en="“{move}” is not possible while the request is “{state}”.",
)
NOT_BY_YOU = Text(fr="Vous n’avez pas le droit de faire « {move} ».", en="You may not do “{move}”.")


def reason_form(label: Text | None = None, *, required: bool = True) -> Form:
    """The commonest demand of a transition: a reason in words, told to the requester.

    >>> reason_form().read({"reason": "Route provinciale"})
    FormAnswers(answers={'reason': 'Route provinciale'}, attachments=())
    """
    from parvis_sdk.fields import LongText  # here only to keep the vocabulary of fields out of this module's names

    field = LongText(code="reason", label=label or Text(fr="Raison", en="Reason"), required=required, max_length=2000)
    return Form(sections=(Section(code="why", title=field.label, fields=(field,)),))


def _workflow_mistakes(workflow: Workflow, beside: tuple[AnyField, ...]) -> Iterator[DeclarationMistake]:
    if not workflow.states:
        yield DeclarationMistake(where="workflow", what="there is no state", now_what="declare at least one state")
        return
    codes = [state.code for state in workflow.states]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield DeclarationMistake(
            where=f"state {code!r}", what="two states have this code", now_what="give each its own code"
        )
    names = [transition.code for transition in workflow.transitions]
    for code in sorted({code for code in names if names.count(code) > 1}):
        yield DeclarationMistake(
            where=f"transition {code!r}", what="two transitions have this code", now_what="give each its own code"
        )
    for state in workflow.states:
        where = f"state {state.code!r}"
        yield from code_mistakes(state.code, where)
        yield from text_mistakes(state.title, f"{where} · title")
        yield from text_mistakes(state.story, f"{where} · story")
        yield from _timer_mistakes(workflow, state, where)
    for transition in workflow.transitions:
        yield from _transition_mistakes(transition, set(codes), beside)
    yield from _reach_mistakes(workflow)


def _timer_mistakes(workflow: Workflow, state: State, where: str) -> Iterator[DeclarationMistake]:
    for timer in state.timers:
        wanted = workflow.transition(timer.transition)
        here = f"{where} · timer {timer.transition!r}"
        if wanted is None:
            yield DeclarationMistake(
                where=here, what="there is no such transition", now_what="declare it or correct its code"
            )
        elif state.code not in wanted.sources or "system" not in wanted.by:
            yield DeclarationMistake(
                where=here,
                what="the transition cannot be made from here by the system",
                now_what="add the source and 'system' to it",
            )
        elif any(field.required for field in wanted.asks.fields()):
            yield DeclarationMistake(
                where=here,
                what="the transition demands an answer that a timer cannot give",
                now_what="make its questions optional",
            )
        if timer.days < 1:
            yield DeclarationMistake(where=here, what=f"{timer.days} days is no delay", now_what="give a day or more")


def _transition_mistakes(
    transition: Transition, states: set[str], beside: tuple[AnyField, ...]
) -> Iterator[DeclarationMistake]:
    where = f"transition {transition.code!r}"
    yield from code_mistakes(transition.code, where)
    yield from text_mistakes(transition.title, f"{where} · title")
    if not transition.sources:
        yield DeclarationMistake(where=where, what="it starts nowhere", now_what="name at least one source state")
    if not transition.by:
        yield DeclarationMistake(where=where, what="nobody may make it", now_what="name who may in `by`")
    for code in (*transition.sources, transition.target):
        if code not in states:
            yield DeclarationMistake(
                where=where, what=f"there is no state {code!r}", now_what="declare it or correct its code"
            )
    if transition.after and "system" not in transition.by:
        yield DeclarationMistake(
            where=where, what="it is made after a fact, but not by the system", now_what="add 'system' to `by`"
        )
    if transition.after and any(field.required for field in transition.asks.fields()):
        what = "it demands an answer that nobody gives when it is made after a fact"
        yield DeclarationMistake(where=where, what=what, now_what="make its questions optional")
    for mistake in transition.asks.mistakes(beside):
        yield mistake.within(where)


def _reach_mistakes(workflow: Workflow) -> Iterator[DeclarationMistake]:
    reached, edge = {workflow.initial.code}, [workflow.initial.code]
    while edge:
        here = edge.pop()
        for transition in workflow.transitions:
            if here in transition.sources and transition.target not in reached:
                reached.add(transition.target)
                edge.append(transition.target)
    for state in workflow.states:
        if state.code not in reached:
            where = f"state {state.code!r}"
            yield DeclarationMistake(
                where=where,
                what=f"state {state.code!r} can never be reached",
                now_what="add a transition to it or remove it",
            )
    ends = {state.code for state in workflow.states if state.phase is Phase.CLOSED}
    if ends:
        yield from _end_mistakes(workflow, reached, ends)
    else:
        yield DeclarationMistake(
            where="workflow", what="no state is of phase 'closed'", now_what="declare how a request of this kind ends"
        )


def _end_mistakes(workflow: Workflow, reached: set[str], ends: set[str]) -> Iterator[DeclarationMistake]:
    known = {state.code for state in workflow.states}
    if any(each.target not in known for each in workflow.transitions):
        return
    grown = True
    while grown:
        before = len(ends)
        ends |= {source for each in workflow.transitions if each.target in ends for source in each.sources} & known
        grown = len(ends) > before
    for code in (state.code for state in workflow.states if state.code in reached - ends):
        where = f"state {code!r}"
        what, now_what = f"state {code!r} can never end", "add a transition that leads to a state of phase 'closed'"
        yield DeclarationMistake(where=where, what=what, now_what=now_what)
