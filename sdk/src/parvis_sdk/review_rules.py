"""The rules of a review: who is asked, whose turn has come, what the opinions come to, which facts then stand."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from parvis_sdk.conditions import holds
from parvis_sdk.reviews import Recommendation, Review, Task
from parvis_sdk.text import Text

OPEN, CANCELLED = "open", "cancelled"
NOT_THERE = Text(fr="Cet avis n’est pas demandé.", en="This opinion is not asked for.")
NOT_YET = Text(
    fr="Cet avis attend ceux qui doivent venir avant lui.", en="This opinion waits for those that must come before it."
)
NO_LONGER = Text(fr="Cet avis n’est plus demandé.", en="This opinion is no longer asked for.")


class AnyTask(Protocol):
    """One opinion asked for, as whoever keeps it holds it: "waiting" (for others), "asked", "given" or "cancelled"."""

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
    """What the opinions of a round come to; None while that is open. Those that nobody waits for do not count."""
    counted = [task for task in tasks if task.state != CANCELLED]
    return review.joined(
        {task.task: Recommendation(task.recommendation) if task.state == "given" else None for task in counted}
    )


def words_of(state: str, tasks: Iterable[AnyTask]) -> Iterator[str]:
    """The words of the facts that are true of a round in this state, with these tasks."""
    if state == CANCELLED:
        return
    yield state
    if state != OPEN:
        yield "done"
    yield from (f"given_{task.task}" for task in tasks if task.state == "given")
