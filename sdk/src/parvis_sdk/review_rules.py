"""The rules of a review: who is asked, in which order, the result of the opinions, and the facts that follow."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from parvis_sdk.conditions import holds
from parvis_sdk.fee_rules import as_measured
from parvis_sdk.requests import Place
from parvis_sdk.reviews import DEEMED_AS, Recommendation, Review, Task
from parvis_sdk.text import Text

if TYPE_CHECKING:
    from parvis_sdk.request_types import RequestType

OPEN, CANCELLED, DEEMED = "open", "cancelled", "deemed"
COUNTED = ("given", DEEMED)
DEEMED_SAID = Text(
    fr="{task}\u00a0: avis {deemed}, faute de réponse dans le délai. {rule}",
    en="{task}: opinion {deemed}, for lack of an answer in time. {rule}",
)
NOT_THERE = Text(fr="Cet avis n’est pas demandé.", en="This opinion is not asked for.")
NOT_YET = Text(
    fr="Cet avis attend ceux qui doivent venir avant lui.", en="This opinion waits for those that must come before it."
)
NO_LONGER = Text(fr="Cet avis n’est plus demandé.", en="This opinion is no longer asked for.")


class AnyTask(Protocol):
    """One requested opinion, as stored by the host or the pretend desk: "waiting" (for others), "asked", "given",
    "deemed" (given, by the rule on silence) or "cancelled".
    """

    @property
    def task(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def recommendation(self) -> str: ...


def asked_of(review: Review, answers: Mapping[str, Any]) -> tuple[Task, ...]:
    """The tasks that these answers call for."""
    return tuple(task for task in review.tasks if task.when is None or holds(task.when, answers))


def turns_come(review: Review, tasks: Iterable[AnyTask]) -> frozenset[str]:
    """The codes of the tasks that wait for nobody any more."""
    there = tuple(tasks)
    holding = {task.task for task in there if task.state in ("waiting", "asked")}
    waiting = {task.task for task in there if task.state == "waiting"}
    return frozenset(task.code for task in review.tasks if task.code in waiting and not holding & _before(review, task))


def _before(review: Review, task: Task) -> frozenset[str]:
    """Every task that comes before this one, at any remove."""
    nearer = [other for other in review.tasks if other.code in task.after]
    return frozenset(task.after).union(*(_before(review, other) for other in nearer))


def come_to(review: Review, tasks: Iterable[AnyTask]) -> Recommendation | None:
    """The result of a round of opinions; None while it is open. Opinions that nobody waits for do not count."""
    counted = [task for task in tasks if task.state != CANCELLED]
    return review.joined(
        {task.task: Recommendation(task.recommendation) if task.state in COUNTED else None for task in counted}
    )


def words_of(state: str, tasks: Iterable[AnyTask]) -> Iterator[str]:
    """The words of the facts that are true of a round in this state, with these tasks."""
    if state == CANCELLED:
        return
    yield state
    if state != OPEN:
        yield "done"
    yield from (f"{task.state}_{task.task}" for task in tasks if task.state in COUNTED)


def rests_on(task: Task, answers: Mapping[str, Any], place: Place | None) -> str:
    """The answers that an opinion depends on, as one digest that is the same for the same answers; empty for none."""
    if not task.depends_on:
        return ""
    known = as_measured(answers, place)
    said = {code: known[code] for code in task.depends_on if known.get(code) not in (None, "", [], {})}
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def is_due_again(state: str, before: str, now: str) -> bool:
    """Whether an opinion of the current round must be given again, because the answers behind it have changed."""
    return state in COUNTED and before != now


def goes_on_standing(state: str, before: str, now: str) -> bool:
    """Whether an opinion of the previous round is kept in a new one: its dependencies are declared, and unchanged."""
    return state in COUNTED and bool(before) and before == now


def is_only_noted(task: Task, state: str) -> bool:
    """Whether an opinion that is given now changes nothing any more: silence was its answer, and the rule has it so."""
    return state == DEEMED and task.silence is not None and task.silence.late == "noted"


def deemed_words(task: Task) -> Text | None:
    """The text that says that the opinion on a task is deemed given, with the rule; None if it never is."""
    silence = task.silence
    if silence is None or silence.deemed is None:
        return None
    return DEEMED_SAID.format(
        task=task.title, deemed=DEEMED_AS[silence.deemed], rule=silence.rule or Text(fr="", en="")
    )


def deemed_opinions(request_type: "RequestType", standing: Collection[str]) -> tuple[Text, ...]:
    """The same for every opinion that is deemed given while these facts are true."""
    return tuple(
        words
        for review in request_type.of(Review)
        for task in review.tasks
        if review.fact(f"{DEEMED}_{task.code}") in standing and (words := deemed_words(task)) is not None
    )
