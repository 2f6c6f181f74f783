"""What the files of a place of the web declare (its handlers, the lines of its menu, its panels), read from them."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, TypeVar

import structlog
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct, structs

from parvis.declared import declared
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure, Success, caught_at_once
from parvis.requests.host import Host
from parvis.requests.remaining_parts import is_there


class SlotItem(Struct, frozen=True, kw_only=True):
    """What stands in a slot of a page, after another one by name; `owner` is the module that brings it, if any does.

    `remains` is a kind of part, by its word: where the module is off, it stays as long as the town has rows of these.
    `IF_BROKEN` says of fields that are called without waiting what holds where one of a module breaks: `ITS_NAME` in
    place of its words.
    """

    IF_BROKEN: ClassVar[Mapping[str, Any]] = {}
    slot: str
    name: str = ""
    after: str = ""
    owner: str = ""
    remains: str = ""

    @property
    def place(self) -> str:
        """What others name to stand after it."""
        return self.name


Thing = TypeVar("Thing", bound=SlotItem)
ITS_NAME = "its name"
log = structlog.get_logger("parvis.web")


def handlers_in(place: str, but: Collection[HTTPRouteHandler] = ()) -> list[HTTPRouteHandler]:
    """What a place answers: who writes a handler in one of its files has it answered, `but` those stand elsewhere."""
    return [each for each in declared(HTTPRouteHandler, place) if each not in but]


class Nouns:
    """All that is declared for the pages of one application, by what it is and where it stands."""

    def __init__(self, things: Iterable[SlotItem]) -> None:
        slots: dict[tuple[type, str], list[Any]] = {}
        for each in things:
            slots.setdefault((type(each), each.slot), []).append(harmless(each) if each.owner else each)
        self._slots = {slot: in_order(inside) for slot, inside in slots.items()}

    def of(self, noun: type[Thing], slot: str) -> tuple[Thing, ...]:
        """Those of one kind in a slot, in the order in which they are read."""
        return self._slots.get((noun, slot), ())

    def of_owner(self, noun: type[Thing], owner: str) -> tuple[Thing, ...]:
        """Those of one kind that a module brings, wherever they stand."""
        found = (each for (kind, _), inside in self._slots.items() if kind is noun for each in inside)
        return tuple(each for each in found if each.owner == owner)


def harmless(thing: Thing) -> Thing:
    """What a module declares, so that none of its words and judgements can break a page on which others stand too."""
    guarded = {
        field: partial(_asked, thing, call, instead)
        for field, instead in thing.IF_BROKEN.items()
        if (call := getattr(thing, field)) is not None
    }
    return structs.replace(thing, **guarded) if guarded else thing


def _asked(thing: SlotItem, call: Callable[..., Any], instead: Any, *given: Any) -> Any:
    done = caught_at_once(partial(call, *given))
    if isinstance(done, Success) and (instead != ITS_NAME or isinstance(done.value, str)):
        return done.value
    trouble = str(done) if isinstance(done, Failure) else f"{type(done.value).__name__} instead of words"
    told_of(thing.owner, thing.place, trouble)
    return thing.name or thing.owner if instead == ITS_NAME else instead


def told_of(owner: str, name: str, trouble: str) -> None:
    """Tell the log what does not work of what stands on a page, and whose it is."""
    log.error("part of a page", part=name, owner=owner, trouble=trouble)


def nouns_in(request: Any, host: Host, town: Jurisdiction, noun: type[Thing], slot: str) -> tuple[Thing, ...]:
    """Those of a slot that are there in one town."""
    nouns: Nouns = request.app.state.nouns
    on = host.modules.of(town)  # asked once for all of them
    return tuple(e for e in nouns.of(noun, slot) if on.has(e.owner) or is_there(host, town, e.owner, e.remains))


def in_order(things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Each after the one that it names, those of modules before the host’s; those that name nothing come last."""
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
