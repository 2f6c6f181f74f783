"""In the demo, what is missing in a file: marked by the town in its own words, answered by the person with theirs."""

from typing import TYPE_CHECKING

from parvis.modules import Player
from parvis.requests.records import Record, find
from parvis_sdk.fields import File, LongText, Photo
from parvis_sdk.supplement_answers import OTHER, SupplementAnswers
from parvis_sdk.supplements import Point
from parvis_sdk.workflow import Transition
from parvis_supplements.completing import answer
from parvis_supplements.lists import lists_of
from parvis_supplements.marking import Stale, ask, asks_for

if TYPE_CHECKING:
    from parvis_demo.courses import Step
    from parvis_demo.playing import Performance


async def mark(performance: "Performance", step: "Step", move: Transition) -> bool:
    """One or two points about what was written or sent, where the move asks for them."""
    code = asks_for(performance.kind, move)
    if not code:
        return False
    host, chance, record = performance.host, performance.chance, await find(performance.host, performance.reference)
    if record is None:
        performance.refuse(step.move, None)
        return True
    actor = await performance.acting_agent()
    offered = [
        field.code
        for field in performance.kind.form.visible(record.answers)
        if isinstance(field, LongText | File | Photo) and field.code in record.answers
    ]
    fields = chance.sample(offered, min(len(offered), chance.randint(1, 2))) or [""]
    points = [Point(field=field, words=step.words) for field in fields]
    sent = await ask(host, record.reference, code, points, transition=move.code, raw={}, actor=actor, mover="agent")
    if not isinstance(sent, Record | Stale):
        performance.refuse(step.move, sent)
    return True


async def complete(performance: "Performance", words: str) -> bool:
    """Answer the list that waits with a word on each of its points; whether there was one."""
    record = await find(performance.host, performance.reference)
    lists = await lists_of(record.id) if record is not None else ()
    listed = next((each for each in lists if record is not None and each.is_open(record)), None)
    if record is None or listed is None:
        return False
    said = {point.field or OTHER: words for point in listed.left}
    return isinstance(
        await answer(performance.host, record.reference, listed.code, SupplementAnswers(words=said)), Record
    )


PLAYER = Player(take=mark, answer=complete)
