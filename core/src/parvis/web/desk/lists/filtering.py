"""What the address of the queue says, read and written: it is the only memory of a list; categories as words."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from msgspec import Struct

from parvis.i18n import say
from parvis.people.agents import as_id
from parvis.requests.lists.search import Sort
from parvis.requests.offered import types_of
from parvis.web.desk.context import DeskContext
from parvis_sdk.fields import OneOf
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Channel

CHANNELS: tuple[str, ...] = get_args(Channel)
SORTS: tuple[Sort, ...] = get_args(Sort)
WAITING = "attente"  # the other system that is waited for
STOPPED = "arretee"  # what was to be told of it stopped on its way
PRIORITY = "priorite"
COLUMN = "col"  # the columns of the queue, from left to right
UNIT, TEAM = "unite", "equipe"  # a unit with those below it; one unit alone
BOX = "boite"  # west, south, east, north of a part of the map
ME, NOBODY = "moi", "personne"
MOST_VALUES = 40
FIXED = ("tri", "apres", "vue", COLUMN)  # names of the address that narrow nothing


class ListQuery(Struct, frozen=True, kw_only=True):
    """A list as its address asks for it: pairs in one order, so that equal lists have equal addresses."""

    values: dict[str, tuple[str, ...]] = {}

    def first(self, name: str, default: str = "") -> str:
        return self.values.get(name, (default,))[0]

    def all(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    @property
    def sort(self) -> Sort:
        wanted = self.first("tri", "due")
        return next((sort for sort in SORTS if sort == wanted), "due")

    def with_(self, **changes: str | tuple[str, ...]) -> "ListQuery":
        """The same list with other values; an empty value takes a name away. The page begins again at the first row."""
        values = {name: given for name, given in self.values.items() if name != "apres"}
        for name, change in changes.items():
            given = (change,) if isinstance(change, str) else change
            values[name] = tuple(one for one in given if one)
        return ListQuery(values={name: values[name] for name in sorted(values) if values[name]})

    def without(self, name: str, value: str) -> "ListQuery":
        """The same list with one filter less."""
        return self.with_(**{name: tuple(one for one in self.all(name) if one != value)})

    def address(self, path: str) -> str:
        query = _encoded(tuple((name, value) for name, given in self.values.items() for value in given))
        return f"{path}?{query}" if query else path


@lru_cache(maxsize=4000)
def _encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    """A page of figures leads to hundreds of lists, the same ones each time."""
    return urlencode(pairs)


def read(pairs: Iterable[tuple[str, str]], names: Collection[str]) -> ListQuery:
    """What a query string asks for; other names are left out."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        kept = value.replace("\x00", "").strip()[:300]
        if name in names and kept and kept not in values.setdefault(name, []):
            values[name].append(kept)
    return ListQuery(values={name: tuple(values[name][:MOST_VALUES]) for name in sorted(values) if values[name]})


def midnight(day: date, time_zone: str) -> datetime:
    """When a day of the town begins."""
    return datetime.combine(day, time(), ZoneInfo(time_zone))


def assignee_of(given: str, person_id: str) -> str:
    if given == ME:
        return person_id
    if given == NOBODY:
        return "none"
    known = as_id(given)
    return str(known) if known else ""


def day_of(given: str) -> date | None:
    """A day as a date box sends it, in years that a town can have requests of."""
    try:
        day = date.fromisoformat(given)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def chips(asked: ListQuery, path: str, words: Mapping[str, Callable[[str], str]]) -> list[tuple[str, str]]:
    """Each filter in force as words, with the address of the list without it; `words[name](value)` says it."""
    return [
        (words[name](value), asked.without(name, value).address(path))
        for name, given in asked.values.items()
        if name in words
        for value in given
    ]


def category_titles(request_type: RequestType) -> dict[str, str]:
    """The title of each category by its code, in the order of the form; none where the type counts by none."""
    field = request_type.form.field(request_type.category) if request_type.category else None
    return {option.code: say(option.label) for option in field.options} if isinstance(field, OneOf) else {}


def category_title(room: DeskContext, code: str) -> str:
    """The title of a category, whichever type it is of; its code where no type knows it."""
    known = (category_titles(request_type) for request_type in types_of(room.host, room.town))
    return next((titles[code] for titles in known if code in titles), code)
