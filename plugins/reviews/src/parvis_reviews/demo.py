"""The opinions that the units and outside bodies of the demo give when a request waits for them."""

from random import Random
from typing import TYPE_CHECKING

from parvis.modules import Player
from parvis.requests.actors import Actor
from parvis.requests.records import find
from parvis_reviews.opinions import OpinionSubmission, give_opinion
from parvis_reviews.review_tasks import OpinionTask, declared, tasks_of
from parvis_sdk.reviews import Recommendation, Review
from parvis_sdk.workflow import Transition

if TYPE_CHECKING:
    from parvis_demo.courses import Step
    from parvis_demo.playing import Performance

MOST = 20  # rounds of tasks that wait for each other
WORDS = {
    Recommendation.FAVOURABLE: ("Rien à signaler.", "Conforme au règlement.", "Le projet respecte les normes."),
    Recommendation.CONDITIONAL: ("Acceptable aux conditions proposées.", "Conforme une fois le plan corrigé."),
    Recommendation.UNFAVOURABLE: ("La marge arrière est insuffisante.", "Le plan ne permet pas de vérifier la pente."),
}
CONDITIONS = (
    "Maintenir une marge latérale de 1,5 m",
    "Protéger les arbres pendant les travaux",
    "Diriger les eaux de toit vers le terrain",
    "Revêtement de brique d’argile en façade",
)
CHANCES = ((Recommendation.FAVOURABLE, 7), (Recommendation.CONDITIONAL, 3))


async def take(play: "Performance", step: "Step", move: Transition) -> bool:
    """The opinions that a step waits for; a story that goes no further leaves some of them to be given."""
    if not any(fact.startswith(f"{Review.part}.") for fact in move.after):
        return False
    await _give(play, step.words, all_of_them=step is not play.story.steps[-1])
    return True


async def answer(play: "Performance", words: str) -> bool:
    """No requester answers an opinion."""
    return False


async def give(play: "Performance", words: str) -> None:
    """Every opinion that is asked for, those that wait for others too."""
    await _give(play, words, all_of_them=True)


async def _give(play: "Performance", words: str, *, all_of_them: bool) -> None:
    """Without `all_of_them` only one is given: the others are still to come."""
    for _ in range(MOST if all_of_them else 1):
        record = await find(play.host, play.reference)
        asked = [task for task in await tasks_of(record.id) if task.state == "asked"] if record else []
        for task in asked if all_of_them else asked[:1]:
            found = declared(play.kind, task)
            if found is None:
                return
            actor = _who(play, task)
            chosen = play.chance.choices([one for one, _ in CHANCES], [weight for _, weight in CHANCES])[0]
            raw = await play.answered(found[1].asks, words, 0) | _opinion(chosen, play.chance)
            await give_opinion(play.host, play.reference, OpinionSubmission(task=task.id, raw=raw, actor=actor))
        if not asked:
            return


def _who(play: "Performance", task: OpinionTask) -> Actor:
    person = play.worker(task.unit)
    if task.email:
        return Actor(kind="agent", id="outside", name=task.body)
    return Actor(kind="agent", id=person.id, name=person.name) if person else Actor(kind="system")


def _opinion(recommendation: Recommendation, chance: Random) -> dict[str, str]:
    said = {"recommendation": recommendation.value, "words": chance.choice(WORDS[recommendation])}
    if recommendation is Recommendation.CONDITIONAL:
        said["conditions"] = "\n".join(chance.sample(CONDITIONS, chance.randint(1, 2)))
    return said


PLAYER = Player(take=take, answer=answer, give=give)
