"""What the files of a place of the web declare (its handlers, the lines of its menu, its panels), read from them."""

import importlib
import pkgutil
from collections.abc import Collection, Iterable, Iterator
from types import ModuleType
from typing import Protocol, TypeVar

from litestar.handlers import HTTPRouteHandler

Noun = TypeVar("Noun")


class Placed(Protocol):
    """What stands in a slot after something else, by name; `owner` is the module that brings it, empty for the host."""

    @property
    def slot(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def after(self) -> str: ...

    @property
    def owner(self) -> str: ...


Thing = TypeVar("Thing", bound=Placed)


def declared(noun: type[Noun], *places: str) -> tuple[Noun, ...]:
    """Every noun of this kind that a file of these packages holds under a name, alone or in a tuple; each one once."""
    found: dict[int, Noun] = {}
    for file in (file for place in places for file in files_of(place)):
        for value in vars(file).values():
            held = value if isinstance(value, tuple) else (value,)
            found.update((id(each), each) for each in held if isinstance(each, noun))
    return tuple(found.values())


def handlers_in(place: str, but: Collection[HTTPRouteHandler] = ()) -> list[HTTPRouteHandler]:
    """What a place answers: who writes a handler in one of its files has it answered, `but` those stand elsewhere."""
    return [each for each in declared(HTTPRouteHandler, place) if each not in but]


def files_of(place: str) -> Iterator[ModuleType]:
    """The package of this name, and every file below it."""
    package = importlib.import_module(place)
    yield package
    if hasattr(package, "__path__"):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def by_slot(things: Iterable[Thing]) -> dict[str, tuple[Thing, ...]]:
    """What stands in each slot, in the order in which it is read."""
    slots: dict[str, list[Thing]] = {}
    for each in things:
        slots.setdefault(each.slot, []).append(each)
    return {slot: in_order(inside) for slot, inside in slots.items()}


def in_order(things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Each after the one that it names, those of modules before the host’s; whoever names nothing here comes last."""
    given = list(things)
    names = {each.name for each in given}
    below: dict[str, list[Thing]] = {}
    for each in given:
        below.setdefault(each.after, []).append(each)

    def following(name: str) -> Iterator[Thing]:
        for each in sorted(below.get(name, ()), key=lambda each: not each.owner):
            yield each
            yield from following(each.name)

    placed = [*following("")]
    lost = [each for each in given if each.after and each.after not in names]
    return (*placed, *(each for first in lost for each in (first, *following(first.name))))
