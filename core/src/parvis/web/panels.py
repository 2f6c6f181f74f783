"""What a page shows of each part of a request: boxes that are declared beside what they show, and drawn in order."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any, Generic, TypeVar

import structlog
from msgspec import Struct

from parvis.house.trying import Done, Failure, attempt, caught
from parvis.web.places import Placed

Here = TypeVar("Here")
About = TypeVar("About")
Answer = TypeVar("Answer")
SECONDS = 2.0  # that a module has for its part of a page
log = structlog.get_logger("parvis.web")


class Panel(Struct, frozen=True, kw_only=True):
    """One box of a page: its template is included with `panel` as its values."""

    template: str
    values: Mapping[str, Any]


def always(here: Any, about: Any) -> bool:
    """Whatever the page is about."""
    return True


class PagePanel(Placed, Generic[Here, About], frozen=True, kw_only=True):
    """A box that the pages of a place may show: `slot` says where, `after` the name of the box above it.

    `right` is held over what the page is about, `applies` judges it without a query: by its type and its state.
    `draw` answers None where nothing is to be shown; where it fails, the page says that `title` is missing, and stays.
    """

    title: Callable[[], str]
    draw: Callable[[Here, About], Awaitable[Panel | None]]
    right: str = ""
    applies: Callable[[Here, About], bool] = always


async def drawn(
    panels: Iterable[PagePanel[Here, About]], here: Here, about: About, may: Callable[[Any], bool]
) -> tuple[Panel, ...]:
    """The boxes of a slot that have something to show, in their order."""
    asked = [each for each in panels if (not each.right or may(each.right)) and each.applies(here, about)]
    found = [await _drawn(each, here, about) for each in asked]
    return tuple(each for each in found if each is not None)


async def _drawn(panel: PagePanel[Here, About], here: Here, about: About) -> Panel | None:
    done = await tried(panel.owner, panel.name, partial(panel.draw, here, about))
    if isinstance(done, Failure):
        return Panel(template="parts/missing.html", values={"name": panel.name, "title": panel.title()})
    return done.value


async def tried(owner: str, name: str, call: Callable[[], Awaitable[Answer]]) -> Done[Answer] | Failure:
    """What a part of a page answers, or how it failed, told to the log; a module has so many seconds."""
    done = await (attempt(call, SECONDS) if owner else caught(call))
    if isinstance(done, Failure):
        log.error("part of a page", part=name, owner=owner, trouble=str(done))
    return done
