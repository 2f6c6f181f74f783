"""The rules of a supplement: what may be marked, what its requester reads, and the schedule of an unanswered list."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from parvis_sdk.days import Zoned, day_text, midnight_after, morning_of
from parvis_sdk.fields import AnyField, Information
from parvis_sdk.problems import Problem, problem
from parvis_sdk.quantities import day_of
from parvis_sdk.requests import Phase
from parvis_sdk.supplements import OTHER, Point, Supplement
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

HEADSTART = timedelta(days=1)  # before which nobody is reminded of what they were just asked
MOST_WORDS = 2000
OTHER_POINT = "_other"  # how a problem names the point that is about no question
NOT_MARKABLE = Text(fr="Cette question ne peut pas être marquée.", en="This question cannot be marked.")
SAY_WHAT = Text(
    fr="Choisissez une raison, ou écrivez ce qu’il faut corriger.",
    en="Choose a reason, or write what is to be corrected.",
)
SAY_DETAIL = Text(
    fr="Cette raison a besoin d’une précision\u00a0: écrivez-la.", en="This reason needs a detail: write it."
)
TO_COME = Text(fr="Choisissez un jour à venir.", en="Choose a day to come.")
WORDS = Text(fr="Ce qu’il faut corriger", en="What is to be corrected")
NOTHING = Text(fr="Marquez au moins un point.", en="Mark at least one point.")
NOTHING_MARKED = Text(
    fr="Indiquez d’abord ce qu’il faut corriger ou ajouter\u00a0: rien n’est marqué dans cette requête.",
    en="First mark what is to be corrected or added: nothing is marked in this request.",
)
ANSWER_BY = Text(fr="Répondez au plus tard le {day}.", en="Answer by {day}.")
ListState = Literal["prepared", "asked", "answered", "abandoned", "replaced"]


class MarkedPoint(Struct, frozen=True, kw_only=True):
    """A point of a list, and whether it has been answered."""

    point: Point
    done: bool = False


class Step(Struct, frozen=True, kw_only=True):
    """One automatic step on a list that nobody answers."""

    at: datetime
    word: Literal["reminded", "warned", "abandoned"]


def steps_of(supplement: Supplement, town: Zoned, asked_at: datetime, last: date) -> tuple[Step, ...]:
    """What will happen if nobody answers by the `last` day, in order of time."""
    steps = [
        Step(at=morning_of(town, last - timedelta(days=days)), word="reminded")
        for days in sorted(supplement.remind, reverse=True)
    ]
    steps = [step for step in steps if step.at >= asked_at + HEADSTART]
    if supplement.abandon_after:
        end = last + timedelta(days=supplement.abandon_after)
        steps.append(Step(at=morning_of(town, end - timedelta(days=supplement.warn)), word="warned"))
        steps.append(Step(at=midnight_after(town, end), word="abandoned"))
    return tuple(sorted(steps, key=lambda step: step.at))


def told_of_points(
    supplement: Supplement, fields: Sequence[AnyField], points: Sequence[Point], until: date
) -> dict[str, Text]:
    """The message fields of a list."""
    points_said = Text(fr=_as_lines(supplement, fields, points, "fr"), en=_as_lines(supplement, fields, points, "en"))
    day = day_text(until)
    answer = ANSWER_BY.format(day=day)
    reason = Text(fr=f"{points_said.fr}\n\n{answer.fr}", en=f"{points_said.en}\n\n{answer.en}")
    return {"points": points_said, "until": day, "reason": reason}


def _as_lines(supplement: Supplement, fields: Sequence[AnyField], points: Sequence[Point], language: str) -> str:
    labels = {field.code: field.label for field in fields}
    lines = []
    for number, point in enumerate(points, 1):
        label = labels.get(point.field, OTHER).to(language).rstrip(" :\u00a0?")
        colon = "\u00a0:" if language == "fr" else ":"
        lines.append(f"{number}. {label}{colon} {supplement.said(point, fields).to(language)}")
    return "\n".join(lines)


def with_carried(chosen: Sequence[MarkedPoint], before: Sequence[Point]) -> tuple[MarkedPoint, ...]:
    """A list with the open points of an earlier one that it does not repeat."""
    marked = {each.point.field for each in chosen}
    return (*chosen, *(MarkedPoint(point=point) for point in before if point.field not in marked))


def asked_by_rules(
    request_type: "RequestType", supplement: Supplement, answers: Mapping[str, Any], asked: Iterable[Point]
) -> tuple[MarkedPoint, ...]:
    """What the rules ask for with these answers, without what was `asked` before."""
    shown = {field.code for field in request_type.form.visible(answers)}
    known = {point.reason for point in asked}
    return tuple(
        MarkedPoint(point=Point(field=rule.field, reason=rule.code))
        for rule in supplement.rules
        if rule.code not in known and rule.field in shown and rule.is_broken_by(answers)
    )


def checked(points: Sequence[MarkedPoint], prepared: Sequence[MarkedPoint]) -> tuple[MarkedPoint, ...]:
    """The prepared list with what the rules ask for; points marked by an agent stay unchanged."""
    marked = {each.point.field for each in prepared}
    return (*prepared, *(each for each in _once_each(points) if each.point.field not in marked))


def _once_each(points: Sequence[MarkedPoint]) -> Iterator[MarkedPoint]:
    seen: set[str] = set()
    for each in points:
        if each.point.field not in seen:
            seen.add(each.point.field)
            yield each


def rules_of(supplement: Supplement, points: Sequence[MarkedPoint]) -> tuple[str, ...]:
    """The codes of the rules that ask for these points."""
    codes = {rule.code for rule in supplement.rules}
    return tuple(each.point.reason for each in points if each.point.reason in codes)


def is_told(request_type: "RequestType", state: str, fact: str) -> bool:
    """Whether a fact has its own message: not if a transition with one follows, unless it has its own text."""
    follows = any(move.tell for move in request_type.workflow.made_after(fact, state))
    return not follows or request_type.message(fact) is not None


def ripe(steps: Sequence[Step], told: int, now: datetime) -> int | None:
    """Which step is to be made now: of several missed ones the last, but nobody is given up without a last notice."""
    if told >= len(steps):
        return None
    last = max((number for number, step in enumerate(steps) if number >= told and step.at <= now), default=told)
    unwarned = [number for number, step in enumerate(steps) if told <= number < last and step.word == "warned"]
    return unwarned[0] if unwarned and steps[last].word == "abandoned" else last


def next_step_at(steps: Sequence[Step], made: int, now: datetime, supplement: Supplement) -> datetime | None:
    """The time of the step after the one made now; a late warning leaves as many days as a timely one."""
    following = steps[made + 1].at if made + 1 < len(steps) else None
    if following is not None and steps[made].word == "warned":
        return max(following, now + timedelta(days=supplement.warn))
    return following


def is_awaited(request_type: "RequestType", code: str, state: str) -> bool:
    """Whether in this state the town waits for the answer to a list of this supplement, and not for a payment, say."""
    workflow, asked = request_type.workflow, f"{Supplement.part}.{code}.asked"
    sending = (each.target for each in workflow.transitions if asked in workflow.brought_by(each))
    return state in sending and workflow.state(state).phase is Phase.WAITING_FOR_YOU


def words_of(state: ListState, points: Sequence[MarkedPoint], awaited: bool) -> Iterator[str]:
    """The words of the facts that are true of the list that was sent last, by whether its answer is awaited."""
    if state == "asked" and not awaited:
        return
    yield state
    if state == "asked" and any(each.done for each in points):
        yield "partly"


def wrong_points(
    supplement: Supplement, fields: Sequence[AnyField], points: Sequence[Point], due_on: str, today: date
) -> tuple[Problem, ...]:
    """Why a list cannot be sent: points that may not be marked or are empty, or a last day in the past."""
    found: list[Problem] = []
    known = {field.code for field in fields if not isinstance(field, Information)}
    for point in points:
        at = partial(Problem, path=point.field or OTHER_POINT)
        reason = supplement.reason(point.reason)
        if (point.field and point.field not in known) or not supplement.may_be_marked(point.field):
            found.append(at(code="not_offered", message=NOT_MARKABLE))
        elif point.reason and (reason is None or reason not in supplement.reasons_for(point.field)):
            found.append(at(code="not_offered", message=SAY_WHAT))
        elif not point.words and (reason is None or reason.wants_detail):
            found.append(at(code="required", message=SAY_DETAIL if reason else SAY_WHAT))
        elif len(point.words) > MOST_WORDS:
            found.append(
                problem("too_long", point.field or OTHER_POINT, label=WORDS, limit=MOST_WORDS, count=len(point.words))
            )
    if due_on and not _is_to_come(due_on, today):
        found.append(Problem(path="due_on", code="past", message=TO_COME))
    return tuple(found)


def _is_to_come(day: str, today: date) -> bool:
    read = day_of(day)
    return read is not None and read.isoformat() == day and read > today
