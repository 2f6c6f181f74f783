"""Heaps of what is left lying: each is declared beside the list that it leads to, and gathered on one page."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from parvis.requests.lists.lying import Lying
from parvis.web.desk.room import Room
from parvis.web.places import Placed


class Heap(Struct, frozen=True, kw_only=True):
    """One list: what lies in it, so many, since when, and where it is opened."""

    title: str
    meaning: str
    href: str
    found: Lying


def always(room: Room) -> bool:
    """Whatever the town offers."""
    return True


class HeapSource(Placed, frozen=True, kw_only=True):
    """What heaps a part of the desk has: `right` is held somewhere in the town, `when` is whether it has any use here.

    `find` counts them in as many statements however much there is; all that it answers is shown, in its order.
    """

    title: Callable[[], str]
    find: Callable[[Room], Awaitable[Sequence[Heap]]]
    right: str = ""
    when: Callable[[Room], bool] = always
    slot: str = "desk.lying"


def lying_of(total: int, moments: Iterable[datetime | None]) -> Lying:
    """So many, since the first of these moments."""
    return Lying(requests=total, since=next(iter(moments), None))
