"""The opinions that the units and outside bodies of the demo give when a request waits for them."""

from collections.abc import Callable
from random import Random

from parvis.people.agents import Person
from parvis.requests.actors import Actor
from parvis.requests.heart import Heart
from parvis.requests.records import Record, find
from parvis.requests.reviews.opinions import Handed, give_opinion
from parvis.requests.reviews.review_tasks import declared, tasks_of
from parvis_demo.answering import Telling, answers_to
from parvis_sdk.request_types import RequestType
from parvis_sdk.reviews import Recommendation

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


async def give_what_is_asked(
    heart: Heart,
    reference: str,
    kind: RequestType,
    told: Telling,
    chance: Random,
    worker: Callable[[str], Person | None],
    *,
    all_of_them: bool = True,
) -> Record | None:
    """Give every opinion that is asked for, those that wait for others too; the request as it has become.

    Without `all_of_them` only one is given: the others are still to come.
    """
    for _ in range(MOST):
        record = await find(heart, reference)
        asked = [task for task in await tasks_of(record.id) if task.state == "asked"] if record else []
        if not asked:
            return record
        for task in asked if all_of_them else asked[:1]:
            found = declared(kind, task)
            person = worker(task.unit)
            if found is None:
                return record
            actor = Actor(kind="agent", id=person.id, name=person.name) if person else Actor(kind="system")
            if task.email:
                actor = Actor(kind="agent", id="outside", name=task.body)
            recommendation = chance.choices([one for one, _ in CHANCES], [weight for _, weight in CHANCES])[0]
            raw = answers_to(found[1].asks, told, chance) | _opinion(recommendation, chance)
            await give_opinion(heart, reference, Handed(task=task.id, raw=raw, actor=actor))
        if not all_of_them:
            break
    return record


def _opinion(recommendation: Recommendation, chance: Random) -> dict[str, str]:
    said = {"recommendation": recommendation.value, "words": chance.choice(WORDS[recommendation])}
    if recommendation is Recommendation.CONDITIONAL:
        said["conditions"] = "\n".join(chance.sample(CONDITIONS, chance.randint(1, 2)))
    return said
