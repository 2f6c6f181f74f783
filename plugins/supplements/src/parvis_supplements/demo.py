"""In the demo, what is missing in a file: marked with reasons that fit each document, answered by the person."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parvis.modules import Player
from parvis.requests.declarations import type_of_record
from parvis.requests.records import Record, find
from parvis_sdk.request_types import RequestType
from parvis_sdk.supplement_answers import OTHER, SupplementAnswers
from parvis_sdk.supplements import Point
from parvis_sdk.text import Text
from parvis_sdk.workflow import Transition
from parvis_supplements.completing import answer
from parvis_supplements.lists import lists_of
from parvis_supplements.marking import Stale, ask, asks_for, supplement_of

if TYPE_CHECKING:
    from parvis_demo.courses import Step
    from parvis_demo.playing import Performance


CORRECTED = Text(fr="Voici la correction.", en="Here is the correction.")


async def mark(performance: "Performance", step: "Step", move: Transition) -> bool:
    """One or two points about what was sent, each with a reason that suits it, where the move asks for them."""
    code = asks_for(performance.kind, move)
    if not code:
        return False
    host, chance, record = performance.host, performance.chance, await find(performance.host, performance.reference)
    if record is None:
        performance.refuse(step.move, None)
        return True
    actor = await performance.acting_agent()
    fitting = tuple(_fitting(performance.kind, code, record))
    points = chance.sample(fitting, min(len(fitting), chance.randint(1, 2))) or [Point(field="", words=step.words)]
    sent = await ask(host, record.reference, code, points, transition=move.code, raw={}, actor=actor, mover="agent")
    if not isinstance(sent, Record | Stale):
        performance.refuse(step.move, sent)
    return True


def _fitting(request_type: RequestType, code: str, record: Record) -> Iterator[Point]:
    """A point for each question that was answered, with the last ready reason made for it that needs no detail."""
    supplement = supplement_of(request_type, code)
    reasons = [each for each in supplement.reasons if not each.wants_detail] if supplement else []
    suited = {field: reason.code for reason in reasons for field in reason.fields if field in record.answers}
    return (Point(field=field, reason=reason) for field, reason in suited.items())


async def complete(performance: "Performance", words: str) -> bool:
    """Answer the list that waits, point by point, other things in the words of the story; whether there was one."""
    record = await find(performance.host, performance.reference)
    lists = await lists_of(record.id) if record is not None else ()
    if record is None:
        return False
    request_type = await type_of_record(performance.host, record)
    listed = next((each for each in lists if each.is_open(record, request_type)), None)
    if listed is None:
        return False
    corrected = CORRECTED.to(record.language)
    said = {point.field or OTHER: corrected if point.field else words for point in listed.left}
    return isinstance(
        await answer(performance.host, record.reference, listed.code, SupplementAnswers(words=said)), Record
    )


PLAYER = Player(take=mark, answer=complete)
