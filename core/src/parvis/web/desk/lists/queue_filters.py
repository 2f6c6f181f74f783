"""Filters of the queue: declared each where it is made, named by the address, said above the list, offered in a box."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any

from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import Person
from parvis.plugins.trying import Failure
from parvis.requests.lists.list_conditions import ListCondition
from parvis.requests.lists.search import Filters
from parvis.web.desk.context import DeskContext
from parvis.web.desk.lists.filtering import FIXED, ListQuery, chips, read
from parvis.web.panels import tried
from parvis.web.places import ITS_NAME, SlotItem

SLOT = "desk.queue.filters"
Options = Sequence[tuple[str, str]]


class Searcher(Struct, frozen=True, kw_only=True):
    """Who asks for a list, and of which town; `own_units` are those that the person works for."""

    person: str
    town: Jurisdiction
    own_units: tuple[str, ...] = ()


class FilterContext(Struct, frozen=True, kw_only=True, dict=True):
    """For whom filters are said and offered, and their colleagues."""

    room: DeskContext
    colleagues: tuple[Person, ...]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Colleagues by id."""
        return {one.id: one.name for one in self.colleagues}


class QueueFilter(SlotItem, frozen=True, kw_only=True):
    """A way to narrow the queue. Its name stands in addresses and in lists kept under a name: it never changes.

    `narrow` says what the values of the address mean, as parts of `Filters`: of a module these are `conditions` and
    `rights`. What has a `title` is offered in the box of filters, drawn by `template`, and left out there with less
    than two `choices`; to the others links lead. `say` is one value as it is read above the list. The value `at_hand`
    is one press away, among the lists that people open all day.
    """

    IF_BROKEN = {"title": ITS_NAME, "narrow": {"conditions": (ListCondition("1 = 0"),)}}
    narrow: Callable[[Searcher, tuple[str, ...]], Mapping[str, Any]]
    say: Callable[[FilterContext, str], str]
    title: Callable[[], str] | None = None
    choices: Callable[[FilterContext], Options] | None = None
    template: str = "desk/queue_choice.html"
    at_hand: str = ""
    slot: str = SLOT


class Offer(Struct, frozen=True, kw_only=True):
    """One filter in the box."""

    name: str
    title: str
    template: str
    options: Options = ()
    owner: str = ""


def asked_in(room: DeskContext, pairs: Iterable[tuple[str, str]]) -> ListQuery:
    """What a query string asks for, of the filters that are there in this town."""
    return read(pairs, names_of(room.nouns(QueueFilter, SLOT)))


def names_of(filters: Iterable[QueueFilter]) -> frozenset[str]:
    """What an address of a list may hold."""
    return frozenset((*FIXED, *(each.name for each in filters)))


def filters_in(room: DeskContext, asked: ListQuery) -> Filters:
    """What an address asks of the requests of this town."""
    searcher = Searcher(person=room.person.id, town=room.town, own_units=room.own_units)
    return filters_of(asked, searcher, room.nouns(QueueFilter, SLOT))


def filters_of(asked: ListQuery, searcher: Searcher, filters: Iterable[QueueFilter]) -> Filters:
    """The same in the heart's words; where several name the same part, each adds to it."""
    given: dict[str, Any] = {"open": True}
    for each in filters:
        if values := asked.all(each.name):
            for part, value in each.narrow(searcher, values).items():
                given[part] = (*given.get(part, ()), *value) if isinstance(value, tuple) else value
    return Filters(**given)


async def chips_of(context: FilterContext, asked: ListQuery, path: str) -> list[tuple[str, str]]:
    """Each filter in force as words, with the address of the list without it."""
    words = {
        each.name: {value: await _said(context, each, value) for value in asked.all(each.name)}
        for each in context.room.nouns(QueueFilter, SLOT)
    }
    return chips(asked, path, {name: said.__getitem__ for name, said in words.items()})


async def _said(context: FilterContext, each: QueueFilter, value: str) -> str:
    """One value in words; as it stands in the address where a module fails to say it."""

    async def say() -> str:
        return each.say(context, value)

    done = await tried(each.owner, each.name, say)
    return value if isinstance(done, Failure) else done.value


async def at_hand(context: FilterContext) -> list[tuple[str, ListQuery]]:
    """The lists that filters have one press away, as they are said."""
    found = [each for each in context.room.nouns(QueueFilter, SLOT) if each.at_hand]
    return [
        (await _said(context, each, each.at_hand), ListQuery(values={each.name: (each.at_hand,)})) for each in found
    ]


async def offers(context: FilterContext) -> list[Offer]:
    """What the box of filters offers, in order; a filter of a module that fails is left out."""
    found = []
    for each in context.room.nouns(QueueFilter, SLOT):
        done = await tried(each.owner, each.name, partial(_offer, context, each))
        if not isinstance(done, Failure) and done.value is not None:
            found.append(done.value)
    return found


async def _offer(context: FilterContext, each: QueueFilter) -> Offer | None:
    if each.title is None:
        return None
    options = each.choices(context) if each.choices is not None else ()
    if each.choices is not None and len(options) < 2:
        return None
    return Offer(name=each.name, title=each.title(), template=each.template, options=options, owner=each.owner)


def left_out(room: DeskContext, pairs: Iterable[tuple[str, str]]) -> bool:
    """Whether an address holds a filter of a module that is off here, so that its list is wider than it was meant."""
    there = names_of(room.nouns(QueueFilter, SLOT))
    every = names_of(room.request.app.state.nouns.of(QueueFilter, SLOT))
    return any(name in every and name not in there for name, _ in pairs)
