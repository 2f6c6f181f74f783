"""Filters of the queue: those it has of itself, and those declared elsewhere; each is named by the address."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property, partial
from typing import Any

from msgspec import Struct

from parvis import i18n
from parvis.i18n import gettext, pgettext
from parvis.jurisdictions import Jurisdiction
from parvis.people.agents import Person
from parvis.plugins.trying import Failure
from parvis.requests.lists.module_figures import ListCondition
from parvis.requests.lists.search import Filters
from parvis.requests.offered import themes_of, types_of
from parvis.requests.priority_names import PRIORITIES, priority_name
from parvis.web.desk.context import DeskContext, unit_name, zone_name
from parvis.web.desk.lists.filtering import (
    BOX,
    CHANNELS,
    FIXED,
    ME,
    NOBODY,
    PRIORITY,
    STOPPED,
    TEAM,
    UNIT,
    WAITING,
    ListQuery,
    assignee_of,
    category_title,
    chips,
    day_of,
    midnight,
    read,
)
from parvis.web.grouping import corners_of
from parvis.web.panels import tried
from parvis.web.places import ITS_NAME, SlotItem
from parvis.web.value_names import NOWHERE, channel_name, phase_name
from parvis_sdk.requests import Phase
from parvis_sdk.text_normalisation import fold

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
    is one press away, among the lists that people open all day; with a `tab` it is called that there, and counted:
    only where an index leads to it.
    """

    IF_BROKEN = {"title": ITS_NAME, "tab": ITS_NAME, "narrow": {"conditions": (ListCondition("1 = 0"),)}}
    narrow: Callable[[Searcher, tuple[str, ...]], Mapping[str, Any]]
    say: Callable[[FilterContext, str], str]
    title: Callable[[], str] | None = None
    choices: Callable[[FilterContext], Options] | None = None
    template: str = "desk/queue_choice.html"
    at_hand: str = ""
    tab: Callable[[], str] | None = None
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
    return filters_of(asked, searcher_at(room), room.nouns(QueueFilter, SLOT))


def searcher_at(room: DeskContext) -> Searcher:
    """The viewer of this page, as one who asks for lists."""
    return Searcher(person=room.person.id, town=room.town, own_units=room.own_units)


def filters_of(asked: ListQuery, searcher: Searcher, filters: Iterable[QueueFilter]) -> Filters:
    """The same as a filter of requests; where several name the same part, each adds to it."""
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


async def at_hand(context: FilterContext) -> list[tuple[str, ListQuery, str]]:
    """The lists that filters have one press away, as they are said, and the name of those that are counted."""
    found = [each for each in context.room.nouns(QueueFilter, SLOT) if each.at_hand]
    return [
        (each.tab(), list_of(each), each.name)
        if each.tab
        else (await _said(context, each, each.at_hand), list_of(each), "")
        for each in found
    ]


def list_of(each: QueueFilter) -> ListQuery:
    """The list that a filter has one press away."""
    return ListQuery(values={each.name: (each.at_hand,)})


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


PHASES = tuple(phase.value for phase in Phase)
DAY, TICK = "desk/queue_day.html", "desk/queue_tick.html"
Narrowed = Mapping[str, Any]


def listed(part: str) -> Callable[[Searcher, tuple[str, ...]], Narrowed]:
    """Each value as it stands, as a part of the filters that holds several."""
    return lambda searcher, values: {part: values}


def of_day(part: str) -> Callable[[Searcher, tuple[str, ...]], Narrowed]:
    """From the beginning of a day of the town, or until its end where the part is an end."""
    until = part.endswith("until")

    def narrow(searcher: Searcher, values: tuple[str, ...]) -> Narrowed:
        found = day_of(values[0])
        return {part: midnight(found + timedelta(days=until), searcher.town.time_zone)} if found else {}

    return narrow


def somewhere(part: str) -> Callable[[Searcher, tuple[str, ...]], Narrowed]:
    """The same as `listed`, where one value stands for what has none."""
    return lambda searcher, values: {part: tuple("" if value == NOWHERE else value for value in values)}


def said_of_day(words: Callable[[], str]) -> Callable[[FilterContext, str], str]:
    """Words with the day in them."""
    return lambda here, value: words() % {"day": day_said(value)}


def day_said(value: str) -> str:
    """A day of an address as it is read."""
    try:
        return i18n.format_date(value, "medium")
    except ValueError:
        return value


def _held_by(searcher: Searcher, values: tuple[str, ...]) -> Narrowed:
    holders = tuple(id for given in values if (id := assignee_of(given, searcher.person)) not in ("", "none"))
    return {"holders": holders} if len(holders) > 1 else {"assignee": assignee_of(values[0], searcher.person)}


def _holder_said(here: FilterContext, value: str) -> str:
    known = {ME: gettext("Mine"), NOBODY: gettext("Unassigned")}
    return known.get(value) or here.names.get(value, value)


def _holders(here: FilterContext) -> Options:
    colleagues = ((one.id, one.name) for one in here.colleagues)
    return [_any(), (ME, gettext("Me")), (NOBODY, gettext("Nobody")), *colleagues]


def _with_those_below(searcher: Searcher, values: tuple[str, ...]) -> Narrowed:
    named = [code for given in values for code in (searcher.own_units if given == ME else (given,))]
    return {"units": tuple(sorted({unit for code in named for unit in (searcher.town.units_under(code) or {code})}))}


def _unit_said(here: FilterContext, value: str) -> str:
    return gettext("My unit’s") if value == ME else unit_name(here.room.town, value)


def _units(here: FilterContext) -> Options:
    own = [(ME, gettext("My unit’s"))] if here.room.own_units else []
    return [_any(), *own, *here.room.units_for("see")]


def _alone(searcher: Searcher, values: tuple[str, ...]) -> Narrowed:
    units = tuple(sorted(unit for unit in values if unit != NOWHERE))
    return {"units": units, "outside": tuple(sorted(searcher.town.units)) if NOWHERE in values else ()}


def _team_said(here: FilterContext, value: str) -> str:
    if value == NOWHERE:
        return gettext("In a former unit")
    return gettext("%(unit)s only") % {"unit": unit_name(here.room.town, value)}


def _waiting(searcher: Searcher, values: tuple[str, ...]) -> Narrowed:
    return {"stopped": True} if values[0] == STOPPED else {"elsewhere": True}


def _waiting_said(here: FilterContext, value: str) -> str:
    return gettext("Delivery failed") if value == STOPPED else gettext("Waiting for another system")


def _pressing(searcher: Searcher, values: tuple[str, ...]) -> Narrowed:
    return {"priorities": tuple(int(each) for each in values if re.fullmatch("[0-9]", each))}


def _priority_said(here: FilterContext, value: str) -> str:
    named = i18n.say(priority_name(int(value))) if value.isascii() and value.isdecimal() else value
    return gettext("Priority: %(priority)s") % {"priority": named}


def _type_said(here: FilterContext, value: str) -> str:
    return i18n.say(
        {request_type.code: request_type.title for request_type in types_of(here.room.host, here.room.town)}.get(
            value, value
        )
    )


def _types(here: FilterContext) -> Options:
    named = (
        (request_type.code, i18n.say(request_type.title)) for request_type in types_of(here.room.host, here.room.town)
    )
    return [_any(), *sorted(named, key=lambda one: fold(one[1]))]


def _theme_said(here: FilterContext, value: str) -> str:
    theme = themes_of(types_of(here.room.host, here.room.town)).get(value)
    return i18n.say(theme.title) if theme else value


def _state_said(here: FilterContext, value: str) -> str:
    request_types = types_of(here.room.host, here.room.town)
    titles = {state.code: state.title for request_type in request_types for state in request_type.workflow.states}
    return i18n.say(titles.get(value, value))


def _category_said(here: FilterContext, value: str) -> str:
    return gettext("not specified") if value == NOWHERE else category_title(here.room, value)


def _any() -> tuple[str, str]:
    return "", gettext("Any")


QUEUE_FILTERS = (
    QueueFilter(
        name="a",
        title=lambda: gettext("Assigned to"),
        narrow=_held_by,
        say=_holder_said,
        choices=_holders,
    ),
    QueueFilter(
        name="type",
        after="a",
        title=lambda: gettext("Type"),
        narrow=listed("types"),
        say=_type_said,
        choices=_types,
    ),
    QueueFilter(
        name="phase",
        after="type",
        title=lambda: gettext("Phase"),
        narrow=listed("phases"),
        say=lambda here, value: phase_name(value),
        choices=lambda here: [_any(), *((phase, phase_name(phase)) for phase in PHASES)],
    ),
    QueueFilter(
        name=UNIT,
        after="phase",
        title=lambda: gettext("Unit"),
        narrow=_with_those_below,
        say=_unit_said,
        choices=_units,
    ),
    QueueFilter(
        name="zone",
        after=UNIT,
        title=lambda: gettext("Zone"),
        narrow=somewhere("zones"),
        say=lambda here, value: zone_name(here.room.town, value),
        choices=lambda here: [_any(), *((zone.code, i18n.say(zone.name)) for zone in here.room.town.zones)],
    ),
    QueueFilter(
        name="canal",
        after="zone",
        title=lambda: gettext("Channel"),
        narrow=listed("channels"),
        say=lambda here, value: channel_name(value),
        choices=lambda here: [_any(), *((channel, channel_name(channel)) for channel in CHANNELS)],
    ),
    QueueFilter(
        name="ouvertes",
        after="canal",
        title=lambda: gettext("Open or closed"),
        narrow=lambda searcher, values: {"open": {"non": False, "toutes": None}.get(values[0], True)},
        say=lambda here, value: {"non": gettext("Closed"), "toutes": gettext("Open and closed")}.get(value, value),
        choices=lambda here: [
            ("", gettext("Open")),
            ("non", gettext("Closed")),
            ("toutes", gettext("Open and closed")),
        ],
    ),
    QueueFilter(
        name=PRIORITY,
        after="ouvertes",
        title=lambda: gettext("Priority"),
        narrow=_pressing,
        say=_priority_said,
        choices=lambda here: [_any(), *((str(code), i18n.say(name)) for code, name in PRIORITIES.items())],
    ),
    QueueFilter(
        name="depuis",
        after=PRIORITY,
        title=lambda: gettext("Received from"),
        narrow=of_day("since"),
        say=said_of_day(lambda: gettext("Received since %(day)s")),
        template=DAY,
    ),
    QueueFilter(
        name="jusqua",
        after="depuis",
        title=lambda: pgettext("period", "To"),
        narrow=of_day("until"),
        say=said_of_day(lambda: gettext("Received until %(day)s")),
        template=DAY,
    ),
    QueueFilter(
        name="retard",
        after="jusqua",
        title=lambda: gettext("Overdue only"),
        narrow=lambda searcher, values: {"late": True},
        say=lambda here, value: gettext("Overdue"),
        template=TICK,
    ),
)
"""Those that the box of filters offers."""

LED_TO = (
    QueueFilter(
        name="q",
        narrow=lambda searcher, values: {"text": values[0]},
        say=lambda here, value: gettext("“%(words)s”") % {"words": value},
    ),
    QueueFilter(name="genre", narrow=somewhere("categories"), say=_category_said),
    QueueFilter(name="theme", narrow=listed("themes"), say=_theme_said),
    QueueFilter(name="etat", narrow=listed("states"), say=_state_said),
    QueueFilter(name=TEAM, narrow=_alone, say=_team_said),
    QueueFilter(name=WAITING, narrow=_waiting, say=_waiting_said),
    QueueFilter(
        name="inchangees",
        narrow=of_day("updated_until"),
        say=said_of_day(lambda: gettext("Unchanged since %(day)s")),
    ),
    QueueFilter(
        name="fermees_depuis",
        narrow=of_day("closed_since"),
        say=said_of_day(lambda: gettext("Closed since %(day)s")),
    ),
    QueueFilter(
        name="fermees_jusqua",
        narrow=of_day("closed_until"),
        say=said_of_day(lambda: gettext("Closed until %(day)s")),
    ),
    QueueFilter(
        name="decidees_depuis",
        narrow=of_day("decided_since"),
        say=said_of_day(lambda: gettext("Decided since %(day)s")),
    ),
    QueueFilter(
        name="decidees_jusqua",
        narrow=of_day("decided_until"),
        say=said_of_day(lambda: gettext("Decided until %(day)s")),
    ),
    QueueFilter(
        name=BOX,
        narrow=lambda searcher, values: {"box": corners_of(values[0])},
        say=lambda here, value: gettext("In an area of the map"),
    ),
)
"""Those that only links lead to, from other pages and from lists kept under a name."""
