"""What the files of a place of the web declare (its handlers, the lines of its menu, its panels), read from them."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar

from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from parvis.declared import declared
from parvis.requests.heart import Heart
from parvis.requests.remaining_parts import is_there
from parvis.territory import Jurisdiction


class Placed(Struct, frozen=True, kw_only=True):
    """What stands in a slot of a page, after another one by name; `owner` is the module that brings it, if any does.

    `remains` is a kind of part, by its word: where the module is off, it stays as long as the town has rows of these.
    """

    slot: str
    name: str = ""
    after: str = ""
    owner: str = ""
    remains: str = ""

    @property
    def place(self) -> str:
        """What others name to stand after it."""
        return self.name


Thing = TypeVar("Thing", bound=Placed)


def handlers_in(place: str, but: Collection[HTTPRouteHandler] = ()) -> list[HTTPRouteHandler]:
    """What a place answers: who writes a handler in one of its files has it answered, `but` those stand elsewhere."""
    return [each for each in declared(HTTPRouteHandler, place) if each not in but]


class Nouns:
    """All that is declared for the pages of one application, by what it is and where it stands."""

    def __init__(self, things: Iterable[Placed]) -> None:
        slots: dict[tuple[type, str], list[Any]] = {}
        for each in things:
            slots.setdefault((type(each), each.slot), []).append(each)
        self._slots = {slot: in_order(inside) for slot, inside in slots.items()}

    def of(self, noun: type[Thing], slot: str) -> tuple[Thing, ...]:
        """Those of one kind in a slot, in the order in which they are read."""
        return self._slots.get((noun, slot), ())

    def of_owner(self, noun: type[Thing], owner: str) -> tuple[Thing, ...]:
        """Those of one kind that a module brings, wherever they stand."""
        found = (each for (kind, _), inside in self._slots.items() if kind is noun for each in inside)
        return tuple(each for each in found if each.owner == owner)


def nouns_in(request: Any, heart: Heart, town: Jurisdiction, noun: type[Thing], slot: str) -> tuple[Thing, ...]:
    """Those of a slot that are there in one town."""
    nouns: Nouns = request.app.state.nouns
    return tuple(each for each in nouns.of(noun, slot) if is_there(heart, town, each.owner, each.remains))


def in_order(things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Each after the one that it names, those of modules before the host’s; whoever names nothing here comes last."""
    given = list(things)
    names = {each.place for each in given}
    below: dict[str, list[Thing]] = {}
    for each in given:
        below.setdefault(each.after, []).append(each)

    def following(name: str) -> Iterator[Thing]:
        for each in sorted(below.get(name, ()), key=lambda each: not each.owner):
            yield each
            yield from following(each.place)

    placed = [*following("")]
    lost = [each for each in given if each.after and each.after not in names]
    return (*placed, *(each for first in lost for each in (first, *following(first.place))))
