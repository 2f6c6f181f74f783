"""In the demo, what is owed is paid by card over the counter."""

from typing import TYPE_CHECKING

from parvis.modules import Player
from parvis.requests.changing import Conflict
from parvis.requests.records import Record, find
from parvis_fees.at_the_desk import take_at_counter
from parvis_fees.charges import charges_of
from parvis_sdk.workflow import Denied, Transition

if TYPE_CHECKING:
    from parvis_demo.courses import Step
    from parvis_demo.playing import Performance

NUMBER = "441200"  # of a terminal’s slip


async def take(play: "Performance", step: "Step", move: Transition) -> bool:
    """No step of a workflow is money."""
    return False


async def answer(play: "Performance", words: str) -> bool:
    """Nobody pays by words."""
    return False


async def pay(play: "Performance", step: "Step") -> None:
    """Whatever is owed."""
    if (refused := await _pay(play, f"{play.chance.randint(0, 999_999):06}")) is not None:
        play.refuse(step.move, refused)


async def give(play: "Performance", words: str) -> None:
    """Whatever is owed, where the next step may wait for it."""
    await _pay(play, NUMBER)


async def _pay(play: "Performance", number: str) -> Denied | Conflict | None:
    """Why something of it could not be paid."""
    record, actor, refused = await find(play.host, play.reference), await play.acting_agent(), None
    for charge in await charges_of(record.id) if record else ():
        if charge.is_owed:
            taken = await take_at_counter(
                play.host, play.reference, charge.id, way="terminal", note=number, actor=actor
            )
            refused = refused if isinstance(taken, Record) else taken
    return refused


PLAYER = Player(take=take, answer=answer, give=give, steps={"pay": pay})
