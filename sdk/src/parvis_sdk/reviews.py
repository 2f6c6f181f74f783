"""Reviews: the opinions asked of units and outside bodies before a decision, and how they are joined into one."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Literal

from msgspec import Struct

from parvis_sdk.conditions import Condition, Is, fields_of, holds
from parvis_sdk.errors import DeclarationMistake
from parvis_sdk.fields import AnyField, File, LongText, OneOf, Option
from parvis_sdk.forms import Form, Section
from parvis_sdk.mistakes import code_mistakes, condition_mistakes, text_mistakes
from parvis_sdk.parts import Fact, Part
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

Reader = Literal["deciders", "reviewers", "requester"]
Join = Literal["all", "any", "majority", "condition"]
MOST_DAYS = 365


class Recommendation(StrEnum):
    """What an opinion comes to."""

    FAVOURABLE = "favourable"
    CONDITIONAL = "conditional"
    UNFAVOURABLE = "unfavourable"


class Task(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One opinion that a review asks for: zoning, fire, engineering, a heritage committee.

    The town says in `reviewers.toml` who gives it, by the code of the task; without a word there it is the unit `unit`,
    or the unit of that code, or the one that has the request. It is asked for where `when` holds of the answers, once
    the tasks in `after` are done, and due after `days` business days.

    `shows` names the answers that whoever reviews needs: they see those, the place and the files among them, and
    nothing else of the request. `asks` are questions of its own, beside the recommendation, its conditions and words.

    Whoever does the task reads its opinion. So do, as `readers` says, those who decide on the request, those who do
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

    def form(self) -> Form:
        """Everything that an opinion on this task answers."""
        return Form(sections=(*self.asks.sections, Section(code="opinion", title=OPINION, fields=OPINION_FIELDS)))


class Review(Part, frozen=True, kw_only=True, omit_defaults=True, tag="review"):
    """The opinions that are asked for together when a move brings "open" about, and the rule that joins them.

    "all" waits for every opinion: one against is enough to be unfavourable. "any" is content with the first that is not
    against. "majority" is reached as soon as more than half are not against, and lost as soon as it cannot be reached.
    "condition" waits for every opinion and is favourable where `passes` holds, a condition over the recommendations by
    the codes of the tasks. Opinions that set conditions make what they carry conditional. Nobody to ask is favourable.

    Brought about again while it is open, a review goes on with the tasks that the answers now ask for; once done,
    everybody is asked anew. Beside its `FACTS` it has "given_" with the code of each task.
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
        return super().facts() | given

    def joined(self, opinions: Mapping[str, Recommendation | None]) -> Recommendation | None:
        """What these opinions come to, by task; None while that is open. `None` stands for one not given yet."""
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
        """What its tasks look at or show, and the form does not ask."""
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
    for mistake in task.form().mistakes():
        yield mistake.within(where)


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
