"""What a page shows of each part of a request: boxes that are declared beside what they show, and drawn in order."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from msgspec import Struct, structs

from parvis.plugins.trying import Failure, Success, attempt, caught, caught_at_once
from parvis.requests.rows_there import RowsOf
from parvis.web.places import ITS_NAME, SlotItem, told_of

Here = TypeVar("Here")
About = TypeVar("About")
Answer = TypeVar("Answer")
SECONDS = 2.0  # that a module has for its part of a page
Weight = Literal["urgent", "plain", "quiet"]
"""How much of a page a box asks for now: it waits for somebody, it is to be seen, it is there if one looks."""


class Panel(Struct, frozen=True, kw_only=True):
    """One box of a page: its template is drawn with `panel` as its values. Whose it is, the page adds.

    A page with many boxes names what is `urgent` at its top and folds what is `quiet`.
    """

    template: str
    values: Mapping[str, Any]
    weight: Weight = "plain"
    owner: str = ""
    name: str = ""
    title: str = ""


def always(here: Any, about: Any) -> bool:
    """Whatever the page is about."""
    return True


class PagePanel(SlotItem, Generic[Here, About], frozen=True, kw_only=True):
    """A box that the pages of a place may show: `slot` says where, `after` the name of the box above it.

    `right` is held over what the page is about, `applies` judges it without a query: by its type and its state.
    `rows` are those of tables that `draw` reads of a request: where none of them has any, it is not asked, unless it
    `stands_empty`. `draw` answers None where nothing is to be shown; where it fails, the page says that `title` is
    missing, and stays.
    """

    IF_BROKEN = {"title": ITS_NAME, "applies": False}
    title: Callable[[], str]
    draw: Callable[[Here, About], Awaitable[Panel | None]]
    right: str = ""
    applies: Callable[[Here, About], bool] = always
    rows: tuple[RowsOf, ...] = ()
    stands_empty: bool = False


async def drawn(
    panels: Iterable[PagePanel[Here, About]],
    here: Here,
    about: About,
    may: Callable[[Any], bool],
    lacking: frozenset[RowsOf] = frozenset(),
) -> tuple[Panel, ...]:
    """The boxes of a slot that have something to show, in their order; `lacking` are rows of which there are none."""
    there = [each for each in panels if each.stands_empty or not each.rows or not lacking.issuperset(each.rows)]
    asked = [each for each in there if (not each.right or may(each.right)) and each.applies(here, about)]
    found = [await _drawn(each, here, about) for each in asked]
    return tuple(each for each in found if each is not None)


async def _drawn(panel: PagePanel[Here, About], here: Here, about: About) -> Panel | None:
    done = await tried(panel.owner, panel.name, partial(panel.draw, here, about))
    if isinstance(done, Failure):
        return missing(panel.name, panel.title())
    if panel.owner and done.value is not None and not isinstance(done.value, Panel):
        told_of(panel.owner, panel.name, f"{type(done.value).__name__} instead of a Panel")
        return missing(panel.name, panel.title())
    if done.value is None:
        return None
    return structs.replace(done.value, owner=panel.owner, name=panel.name, title=panel.title())


def missing(name: str, title: str) -> Panel:
    """The box that stands for one that could not be drawn."""
    return Panel(template="parts/missing.html", values={"name": name, "title": title})


@pass_context
def box(context: Context, panel: Panel) -> Markup:
    """A box as it stands on its page; where the template of a module breaks, the box that says so."""
    written = part_written(context, panel.owner, panel.name, panel.template, panel=panel.values)
    if written is None:
        instead = missing(panel.name, panel.title)
        return template_written(context, instead.template, panel=instead.values)
    return written


@pass_context
def page_part(context: Context, owner: str, name: str, template: str, **values: Any) -> Markup:
    """A smaller part of a page, as a cell of a list; nothing where the template of a module breaks."""
    return part_written(context, owner, name, template, **values) or Markup("")


def part_written(context: Context, owner: str, name: str, template: str, **values: Any) -> Markup | None:
    """What a template makes of these values on its page, or nothing where one of a module breaks."""
    if not owner:
        return template_written(context, template, **values)
    done = caught_at_once(partial(template_written, context, template, **values))
    if isinstance(done, Failure):
        told_of(owner, name, str(done))
        return None
    return done.value


def template_written(context: Context, template: str, **values: Any) -> Markup:
    """As if it were included, with these values beside those of the page."""
    return Markup(context.environment.get_template(template).render({**context.get_all(), **values}))  # noqa: S704


async def tried(owner: str, name: str, call: Callable[[], Awaitable[Answer]]) -> Success[Answer] | Failure:
    """What a part of a page answers, or how it failed, told to the log; a module has so many seconds."""
    done = await (attempt(call, SECONDS) if owner else caught(call))
    if isinstance(done, Failure):
        told_of(owner, name, str(done))
    return done
