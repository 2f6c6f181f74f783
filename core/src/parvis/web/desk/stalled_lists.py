"""Lists of stalled work: each is declared beside the list that it leads to, and gathered on one page."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from parvis.requests.lists.stalled import StalledCount
from parvis.web.desk.context import DeskContext
from parvis.web.places import ITS_NAME, SlotItem


class StalledList(Struct, frozen=True, kw_only=True):
    """One list: what lies in it, so many, since when, and where it is opened."""

    title: str
    meaning: str
    href: str
    found: StalledCount


def always(room: DeskContext) -> bool:
    """Whatever the town offers."""
    return True


class StalledSource(SlotItem, frozen=True, kw_only=True):
    """Which lists of stalled work a part of the desk has: `right` is held somewhere in the town, `when` is whether it
    has any use here.

    `find` counts them in as many statements however much there is; all that it answers is shown, in its order.
    """

    IF_BROKEN = {"title": ITS_NAME, "when": False}
    title: Callable[[], str]
    find: Callable[[DeskContext], Awaitable[Sequence[StalledList]]]
    right: str = ""
    when: Callable[[DeskContext], bool] = always
    slot: str = "desk.stalled"


def stalled_since(total: int, moments: Iterable[datetime | None]) -> StalledCount:
    """So many, since the first of these moments."""
    return StalledCount(requests=total, since=next(iter(moments), None))
