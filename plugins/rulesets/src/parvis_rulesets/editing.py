"""Changes to ordered parts that two persons may write at once: each says what it saw, nothing is overwritten unseen."""

import hashlib
from collections.abc import Callable
from typing import Any, Literal, Protocol, Self, TypeVar

from msgspec import Struct

from parvis.requests.records import as_json
from parvis_sdk.text import Text

Step = Literal["up", "down"]


class OrderedPart(Protocol):
    """What has parts in an order, each with an `id` that stays with it from one version to the next."""

    @property
    def parts(self) -> tuple[Any, ...]: ...

    def with_parts(self, parts: tuple[Any, ...]) -> Self: ...


Body = TypeVar("Body", bound=OrderedPart)


class EditConflict(Struct, frozen=True, kw_only=True):
    """Somebody changed meanwhile what was to be changed: the part as it is now, None where it is gone."""

    now: Any = None


Edit = Callable[[Body], Body | EditConflict]


def sign_of(seen: Struct) -> str:
    """A part, or all of them, as somebody saw it."""
    return hashlib.sha256(as_json(seen).encode()).hexdigest()[:16]


def part_of(body: OrderedPart, id: str) -> Any:
    return next((part for part in body.parts if part.id == id), None)


def adding(part: Any) -> Edit[Body]:
    """A new part, below all others; once, however often it is sent."""

    def edit(body: Body) -> Body | EditConflict:
        if (there := part_of(body, part.id)) is not None:
            return body if there == part else EditConflict(now=there)
        return body.with_parts((*body.parts, part))

    return edit


def changing(part: Any, saw: str) -> Edit[Body]:
    """Another part in the place of that of its id, if it is still as it was seen."""

    def edit(body: Body) -> Body | EditConflict:
        there = part_of(body, part.id)
        if there is None or (sign_of(there) != saw and there != part):
            return EditConflict(now=there)
        return body.with_parts(tuple(part if one.id == part.id else one for one in body.parts))

    return edit


def removing(id: str, saw: str) -> Edit[Body]:
    def edit(body: Body) -> Body | EditConflict:
        there = part_of(body, id)
        if there is not None and sign_of(there) != saw:
            return EditConflict(now=there)
        return body.with_parts(tuple(one for one in body.parts if one.id != id))

    return edit


def moving(id: str, step: Step) -> Edit[Body]:
    """One place up or down; where it stands first or last already, nothing changes."""

    def edit(body: Body) -> Body | EditConflict:
        order = list(body.parts)
        at = next((place for place, one in enumerate(order) if one.id == id), None)
        if at is None:
            return EditConflict()
        to = at - 1 if step == "up" else at + 1
        if 0 <= to < len(order):
            order[at], order[to] = order[to], order[at]
        return body.with_parts(tuple(order))

    return edit


def replacing(other: Struct, saw: str) -> Edit[Any]:
    """Everything at once, as a file brings it, in the place of what was seen."""
    return lambda body: other if sign_of(body) == saw or body == other else EditConflict()


class Difference(Struct, frozen=True, kw_only=True):
    """What is otherwise about one part: new, gone, changed, or only in another place; `number` is its place now."""

    what: Literal["added", "removed", "changed", "moved"]
    before: Any = None
    after: Any = None
    number_before: int = 0
    number: int = 0


def differences(before: OrderedPart, after: OrderedPart) -> tuple[Difference, ...]:
    """What the one has otherwise than the other, in the order of the parts that come after; what is gone last.

    A part is in another place where others went past it, not where one was only put in before it.
    """
    was = {part.id: (number, part) for number, part in enumerate(before.parts, 1)}
    kept = [part.id for part in after.parts if part.id in was]
    staying = longest_rising([was[id][0] for id in kept])
    found = []
    for number, part in enumerate(after.parts, 1):
        if part.id not in was:
            found.append(Difference(what="added", after=part, number=number))
            continue
        place, old = was[part.id]
        if old != part:
            found.append(Difference(what="changed", before=old, after=part, number_before=place, number=number))
        elif place not in staying:
            found.append(Difference(what="moved", before=old, after=part, number_before=place, number=number))
    gone = [part for part in before.parts if part_of(after, part.id) is None]
    return (*found, *(Difference(what="removed", before=part, number_before=was[part.id][0]) for part in gone))


def longest_rising(places: list[int]) -> frozenset[int]:
    """The most of these numbers that stand in rising order.

    >>> sorted(longest_rising([2, 3, 1, 4]))
    [2, 3, 4]
    """
    best: list[tuple[int, ...]] = [()]
    for place in places:
        before = max((chain for chain in best if not chain or chain[-1] < place), key=len)
        best.append((*before, place))
    longest = max(best, key=len)
    return frozenset(longest)


class Fault(Struct, frozen=True, kw_only=True):
    """One mistake in what somebody writes; `number` is that of the part, 0 for the whole.

    What only makes a condition never hold, such as a type that is offered no more, does not `block` the rest.
    """

    what: Text
    number: int = 0
    blocks: bool = True
