"""Reviews: the opinions asked of units and outside bodies before a decision, and how they are joined into one."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec import Struct

from parvis_sdk.conditions import Condition, Is, fields_of, holds
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, File, LongText, OneOf, Option
from parvis_sdk.forms import Form, Section
from parvis_sdk.measuring import PLACE
from parvis_sdk.mistakes import code_mistakes, condition_mistakes, text_mistakes
from parvis_sdk.parts import Fact, Part
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

Reader = Literal["deciders", "reviewers", "requester"]
Join = Literal["all", "any", "majority", "condition"]
MOST_DAYS = 365


class Recommendation(StrEnum):
    """The result of an opinion."""

    FAVOURABLE = "favourable"
    CONDITIONAL = "conditional"
    UNFAVOURABLE = "unfavourable"


class Silence(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happens when an opinion does not come.

    Once each of the hundredths `escalate` of its time are over, the unit `to` is told, the one that has the request
    where none is named. At the end of its time it is `deemed` favourable or unfavourable, as `rule` says: the text of
    the by-law, quoted wherever that is told.

    One that comes after all is `late`. It is "noted": kept for those who read opinions, marked late, while the rule
    that everybody was told of goes on to count. Where a by-law lets it, it "counts": it takes the place of silence
    while others are awaited; later it is kept beside, as every late one.
    """

    escalate: tuple[int, ...] = ()
    to: str = ""
    deemed: Recommendation | None = None
    rule: Text | None = None
    late: Literal["noted", "counts"] = "noted"


class Task(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One opinion that a review asks for: zoning, fire, engineering, a heritage committee.

    The town says in `reviewers.toml` who gives it, by the code of the task; without a word there it is the unit `unit`,
    or the unit of that code, or the one that has the request. It is asked for where `when` holds of the answers, once
    the tasks in `after` are done, and due after `days` business days.

    `shows` names the answers that the reviewer needs: they see those, the place and the files among them, and
    nothing else of the request. What it rests on is named in `depends_on`, codes of questions and "place": asked for
    again, an opinion is given anew only where one of these answers has changed since; without it, always once the
    review was done. `silence` says what comes of one that does not come. `asks` are questions of its own, beside the
    recommendation, its conditions and words.

    The person who does the task reads its opinion. As `readers` says, so do those who decide on the request, those with
    other tasks of the review, and the requester once it is decided. Nobody else ever does.
    """

    code: str
    title: Text
    help: Text | None = None
    unit: str = ""
    days: int = 10
    when: Condition | None = None
    after: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    asks: Form = Form()
    readers: tuple[Reader, ...] = ("deciders",)
    silence: Silence | None = None
    depends_on: tuple[str, ...] = ()

    def form(self) -> Form:
        """Everything that an opinion on this task answers."""
        return Form(sections=(*self.asks.sections, Section(code="opinion", title=OPINION, fields=OPINION_FIELDS)))


class Review(Part, frozen=True, kw_only=True, omit_defaults=True, tag="review"):
    """The opinions that are asked for together when a step brings "open" about, and the rule that joins them.

    "all" waits for every opinion: one against is enough to be unfavourable. "any" is content with the first that is not
    against. "majority" is reached as soon as more than half are not against, and lost as soon as it cannot be reached.
    "condition" waits for every opinion and is favourable where `passes` holds, a condition over the recommendations by
    the codes of the tasks. Opinions that set conditions make what they carry conditional. Nobody to ask is favourable.

    Brought about again while it is open, a review goes on with the tasks that the answers now ask for; once done,
    everybody is asked anew whose opinion does not stand by its `depends_on`. Beside its `FACTS` it has "given_" with
    the code of each task, and of one with a `silence` "escalated_" and "deemed_".
    """

    FACTS: ClassVar[dict[str, Fact]] = {
        "open": Fact(title=Text(fr="{title}\u00a0: avis demandés", en="{title}: opinions asked for"), brought=True),
        "favourable": Fact(title=Text(fr="{title}\u00a0: favorable", en="{title}: favourable")),
        "conditional": Fact(
            title=Text(fr="{title}\u00a0: favorable avec conditions", en="{title}: favourable with conditions")
        ),
        "unfavourable": Fact(title=Text(fr="{title}\u00a0: défavorable", en="{title}: unfavourable")),
        "done": Fact(title=Text(fr="{title}\u00a0: examen terminé", en="{title}: review complete")),
    }
    tasks: tuple[Task, ...]
    join: Join = "all"
    passes: Condition | None = None

    def task(self, code: str) -> Task | None:
        """The task of that code."""
        return next((task for task in self.tasks if task.code == code), None)

    def facts(self) -> dict[str, Fact]:
        """Every fact of this review by its whole name."""
        given = {
            self.fact(f"given_{task.code}"): Fact(title=GIVEN.format(title=self.title, task=task.title))
            for task in self.tasks
        }
        return super().facts() | given | dict(self._silent())

    def _silent(self) -> Iterator[tuple[str, Fact]]:
        """What may become true of tasks that nobody answers."""
        for task in self.tasks:
            named = {"title": self.title, "task": task.title}
            if task.silence and task.silence.escalate:
                yield self.fact(f"escalated_{task.code}"), Fact(title=ESCALATED.format(**named))
            if task.silence and task.silence.deemed:
                as_if = DEEMED_AS[task.silence.deemed]
                yield self.fact(f"deemed_{task.code}"), Fact(title=DEEMED.format(**named, deemed=as_if))

    def joined(self, opinions: Mapping[str, Recommendation | None]) -> Recommendation | None:
        """The result of these opinions, by task; None while it is open. An opinion that is not given yet is `None`."""
        given = [each for each in opinions.values() if each is not None]
        against = given.count(Recommendation.UNFAVOURABLE)
        favour, waiting = len(given) - against, len(opinions) - len(given)
        carried = Recommendation.CONDITIONAL if Recommendation.CONDITIONAL in given else Recommendation.FAVOURABLE
        if not opinions:
            return Recommendation.FAVOURABLE
        if self.join == "any":
            best = Recommendation.FAVOURABLE if Recommendation.FAVOURABLE in given else Recommendation.CONDITIONAL
            return best if favour else None if waiting else Recommendation.UNFAVOURABLE
        if self.join == "majority":
            if 2 * favour > len(opinions):
                return carried
            return Recommendation.UNFAVOURABLE if 2 * against >= len(opinions) else None
        if waiting:
            return None
        passed = holds(self.passes, opinions) if self.join == "condition" and self.passes else not against
        return carried if passed else Recommendation.UNFAVOURABLE

    def mistakes(self) -> Iterator[DeclarationMistake]:
        """Every mistake of the author of this review that shows without its request type."""
        yield from super().mistakes()
        where = f"review {self.code!r}"
        codes = [task.code for task in self.tasks]
        if not codes:
            yield DeclarationMistake(where=where, what="nobody is asked anything", now_what="declare at least one task")
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield DeclarationMistake(
                where=f"{where} · task {code!r}", what="two tasks have this code", now_what="give each its own"
            )
        for number, task in enumerate(self.tasks):
            for mistake in _task_mistakes(task, codes[:number]):
                yield mistake.within(where)
        yield from _joining_mistakes(self, codes, where)

    def mistakes_in(self, request_type: "RequestType") -> Iterator[DeclarationMistake]:
        """Questions that its tasks use or show, and the form does not ask."""
        asked = request_type.form.fields()
        known = {field.code for field in asked}
        for task in self.tasks:
            where = f"review {self.code!r} · task {task.code!r}"
            yield from condition_mistakes(task.when, asked, f"{where} · when")
            for code in task.shows:
                if code not in known:
                    yield DeclarationMistake(
                        where=f"{where} · shows", what=f"{code!r} is not asked", now_what="correct its code"
                    )
            for code in task.depends_on:
                if code not in known and not (code == PLACE and request_type.place.need != "none"):
                    what, now_what = f"{code!r} is not asked", 'name questions of the form, or "place"'
                    yield DeclarationMistake(where=f"{where} · depends_on", what=what, now_what=now_what)


def _task_mistakes(task: Task, before: Sequence[str]) -> Iterator[DeclarationMistake]:
    where = f"task {task.code!r}"
    yield from code_mistakes(task.code, where)
    yield from text_mistakes(task.title, f"{where} · title")
    if not 1 <= task.days <= MOST_DAYS:
        yield DeclarationMistake(
            where=where, what=f"{task.days} days is no delay", now_what=f"give one to {MOST_DAYS} business days"
        )
    for code in task.after:
        if code not in before:
            yield DeclarationMistake(
                where=f"{where} · after",
                what=f"no task before it has the code {code!r}",
                now_what="name a task that is declared earlier",
            )
    if task.silence is not None:
        yield from _silence_mistakes(task.silence, f"{where} · silence")
    for mistake in task.form().mistakes():
        yield mistake.within(where)


def _silence_mistakes(silence: Silence, where: str) -> Iterator[DeclarationMistake]:
    yield from text_mistakes(silence.rule, f"{where} · rule")
    if not silence.escalate and silence.deemed is None:
        yield DeclarationMistake(where=where, what="nothing comes of it", now_what="give `escalate`, `deemed` or both")
    if not all(0 < share < 100 for share in silence.escalate) or sorted(set(silence.escalate)) != [*silence.escalate]:
        now_what = "name hundredths of its time from 1 to 99, the first ones first"
        yield DeclarationMistake(where=where, what=f"{silence.escalate} are no such moments", now_what=now_what)
    if silence.deemed is Recommendation.CONDITIONAL:
        what = "nobody has set the conditions that it would be deemed to have"
        yield DeclarationMistake(where=where, what=what, now_what="deem it favourable or unfavourable")
    if silence.late == "counts" and silence.deemed is None:
        what = "nothing is deemed in whose place a late opinion could count"
        yield DeclarationMistake(where=where, what=what, now_what="give `deemed` and its rule, or leave `late` out")
    if (silence.deemed is None) != (silence.rule is None):
        now_what = "quote as `rule` what deems it so, or deem nothing"
        yield DeclarationMistake(where=where, what="`deemed` goes with its rule", now_what=now_what)


def _joining_mistakes(review: Review, codes: Sequence[str], where: str) -> Iterator[DeclarationMistake]:
    if (review.join == "condition") != (review.passes is not None):
        yield DeclarationMistake(
            where=where, what="`passes` goes with join 'condition'", now_what="give both or neither"
        )
    for code in fields_of(review.passes) if review.passes else ():
        if code not in codes:
            yield DeclarationMistake(
                where=f"{where} · passes", what=f"there is no task {code!r}", now_what="name one of its tasks"
            )


GIVEN = Text(fr="{title}\u00a0: avis reçu ({task})", en="{title}: opinion received ({task})")
ESCALATED = Text(fr="{title}\u00a0: avis qui tarde, signalé ({task})", en="{title}: slow opinion pointed out ({task})")
DEEMED = Text(fr="{title}\u00a0: avis {deemed} ({task})", en="{title}: opinion {deemed} ({task})")
DEEMED_AS: dict[Recommendation, Text] = {
    Recommendation.FAVOURABLE: Text(fr="réputé favorable", en="deemed favourable"),
    Recommendation.UNFAVOURABLE: Text(fr="réputé défavorable", en="deemed unfavourable"),
}
OPINION = Text(fr="Avis", en="Opinion")
RECOMMENDED: dict[Recommendation, Text] = {
    Recommendation.FAVOURABLE: Text(fr="Favorable", en="Favourable"),
    Recommendation.CONDITIONAL: Text(fr="Favorable avec conditions", en="Favourable with conditions"),
    Recommendation.UNFAVOURABLE: Text(fr="Défavorable", en="Unfavourable"),
}
WITH_CONDITIONS = Is(field="recommendation", value=Recommendation.CONDITIONAL.value)
OPINION_FIELDS: tuple[AnyField, ...] = (
    OneOf(
        code="recommendation",
        label=Text(fr="Recommandation", en="Recommendation"),
        options=tuple(Option(code=each.value, label=label) for each, label in RECOMMENDED.items()),
    ),
    LongText(
        code="conditions",
        label=Text(fr="Conditions proposées", en="Conditions proposed"),
        help=Text(fr="Une condition par ligne.", en="One condition per line."),
        show_when=WITH_CONDITIONS,
        max_length=8000,
        rows=4,
    ),
    LongText(
        code="words",
        label=Text(fr="Motifs et commentaires", en="Reasons and comments"),
        help=Text(fr="Nécessaires si l’avis est défavorable.", en="Needed when the opinion is unfavourable."),
        required=False,
        required_when=Is(field="recommendation", value=Recommendation.UNFAVOURABLE.value),
        max_length=8000,
        rows=6,
    ),
    File(code="files", label=Text(fr="Pièces jointes", en="Attachments"), required=False, most=5),
)
