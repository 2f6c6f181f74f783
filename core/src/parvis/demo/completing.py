"""In the demo, what is missing in a file: marked by the town in its own words, answered by the person with theirs."""

from random import Random

from parvis.requests.actors import Actor
from parvis.requests.changing import Conflict
from parvis.requests.heart import Heart
from parvis.requests.parts.supplements import lists_of
from parvis.requests.records import Record
from parvis.requests.supplements.completing import OTHER, Given, answer
from parvis.requests.supplements.marking import Stale, ask, asks_for
from parvis_sdk.fields import File, LongText, Photo
from parvis_sdk.problems import Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplements import Point
from parvis_sdk.workflow import Denied, Transition


async def mark(
    heart: Heart, record: Record, kind: RequestType, move: Transition, words: str, chance: Random, actor: Actor
) -> Record | Denied | Problems | Conflict | Stale:
    """One or two points about what was written or sent, by the move that asks for them."""
    code = asks_for(kind, move)
    offered = [
        field.code
        for field in kind.form.visible(record.answers)
        if isinstance(field, LongText | File | Photo) and field.code in record.answers
    ]
    fields = chance.sample(offered, min(len(offered), chance.randint(1, 2))) or [""]
    points = [Point(field=field, words=words) for field in fields]
    return await ask(heart, record.reference, code, points, transition=move.code, raw={}, actor=actor, mover="agent")


async def complete(heart: Heart, record: Record, words: str) -> bool:
    """Answer the list that waits with a word on each of its points; whether there was one."""
    listed = next((each for each in await lists_of(record.id) if each.is_open(record)), None)
    if listed is None:
        return False
    said = {point.field or OTHER: words for point in listed.left}
    return isinstance(await answer(heart, record.reference, listed.code, Given(words=said)), Record)
