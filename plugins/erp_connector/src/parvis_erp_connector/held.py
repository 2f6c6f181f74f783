"""What is remembered of the order of a request, and writing into an order as it stands there."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, convert

from parvis_erp_connector.fitting import changed, order_of
from parvis_erp_connector.port import Erp, Order, Stale, Work
from parvis_sdk.errors import Later
from parvis_sdk.tasks import Task, TaskOver
from parvis_sdk.text import Text

TRIES = 4
HELD, ENDED, CANCEL = "order", "ended:", "cancel:"
TO_CANCEL = Text(
    fr="Annuler le bon de travail {number} dans le système des travaux",
    en="Cancel work order {number} in the public works system",
)


class OrderState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is remembered of a request: its order there, the how manieth it is, and what was written into it."""

    id: str
    number: str
    to: str
    type: str
    round: int = 1
    sent: dict[str, str] = {}


def held_of(remembered: Mapping[str, Any]) -> OrderState | None:
    """The order of a request, of what is remembered about it."""
    return convert(remembered[HELD], OrderState) if remembered.get(HELD) else None


def is_over(remembered: Mapping[str, Any], held: OrderState) -> bool:
    """Whether the order is known to be at its end there."""
    return bool(remembered.get(f"{ENDED}{held.id}"))


def asked_to_cancel(held: OrderState) -> dict[str, Any]:
    """What an outcome has besides where an order goes on there that nobody wants, and only people can cancel it."""
    task = Task(key=f"{CANCEL}{held.id}", title=TO_CANCEL.format(number=held.number), days=3)
    return {"tasks": (task,), "remember": {f"{ENDED}{held.id}": True, task.key: True}}


def no_more_to_cancel(remembered: Mapping[str, Any], id: str) -> tuple[TaskOver, ...]:
    """The task of that order which is over, where people were asked to cancel it."""
    return (TaskOver(key=f"{CANCEL}{id}", result="done"),) if remembered.get(f"{CANCEL}{id}") else ()


async def write_into(erp: Erp, work: Work, id: str, key: str, values: Mapping[str, Any]) -> Order | None:
    """Write into an order as it stands now, however often somebody is faster; None when it is not there.

    One that does not bear our key (any more) is somebody else's, and stays as it is; so is an answer about another one.
    """
    for _ in range(TRIES):
        order = await order_of(erp, work, id, key)
        if order is None:
            return None
        if not values:
            return order
        try:
            await changed(erp, work, order, values, key)
        except Stale:
            continue
        return order
    raise Later(
        Text(
            fr=f"quelqu’un modifie le bon de travail {id} en ce moment",
            en=f"somebody is changing the order {id} at this time",
        ),
        only_this=True,
    )
