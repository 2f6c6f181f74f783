"""What a plugin answers for one of its pages: asked on its own thread, with filters read and tables turned."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Response
from msgspec import Struct

from parvis import clock
from parvis.i18n import say
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.calendars import local_day
from parvis.plugins.registry import NamedPage
from parvis.requests.asked_plugins import Question, asked, keeper_of, kept_about, lent_to
from parvis.requests.host import Host
from parvis.requests.visibility import Viewer, scope_of
from parvis.selection import within
from parvis.web.links import PageLink
from parvis.web.plugin_panels import drawn_as, request_links
from parvis_plugin_pages.asking import Asking, asking_of
from parvis_sdk.connectors import Connection
from parvis_sdk.contents import MOST_ON_A_PAGE, MOST_ROWS, Content, Table, bounded, content_mistakes, turned_to
from parvis_sdk.pages import SECONDS, PageView, PageViewers
from parvis_sdk.problems import Problems

AGAIN = "30"  # seconds after which a program may ask again


class PageAnswer(Struct, frozen=True, kw_only=True):
    """What a page shows, and of each table, by its place, which leaf that is of how many."""

    contents: tuple[Content, ...]
    leaves: Mapping[int, tuple[int, int]]


class Shown(Struct, frozen=True, kw_only=True):
    """One look at a page, as its template is given it: without an answer where the plugin had none."""

    status: int
    values: Mapping[str, Any]

    @property
    def headers(self) -> dict[str, str]:
        return {"retry-after": AGAIN} if self.status == 503 else {}

    def on(self, render: Any, template: str, **more: Any) -> Response[str]:
        """The page, rendered by the shell's own renderer."""
        written: Response[str] = render(template, status=self.status, headers=self.headers, **self.values, **more)
        return written


def opened_by(named: tuple[NamedPage, ...], plugin: str, code: str) -> NamedPage | None:
    """The page of an address among these."""
    return next((each for each in named if each.origin.name == plugin and each.page.code == code), None)


def path_of(base: str, named: NamedPage) -> str:
    """Where a page lies below an address."""
    return f"{base}/{named.origin.name}/{named.page.code}"


def line_of(slot: str, base: str, named: NamedPage, **more: Any) -> PageLink:
    """The line of a menu that leads to a page."""
    return PageLink(slot=slot, path=path_of(base, named), text=partial(say, named.page.title), icon="plug", **more)


async def looked_at(
    host: Host, town: Jurisdiction, viewer: Viewer, named: NamedPage, shown_to: PageViewers, path: str, query: Any
) -> Shown:
    """The page for a viewer; the plugin is not asked where a filter is invalid."""
    today = local_day(town.calendar, clock.now())
    asking = asking_of(named.page, query, today)
    values = {"shown": named.page, "plugin": named.origin.name, "asking": asking, "path": path, "more": 0, "links": {}}
    if isinstance(asking.read, Problems):
        return Shown(status=422, values=values | {"problems": asking.read, "contents": None, "leaves": {}})
    view = await _view(host, town, viewer, named, shown_to, asking)
    answer = await _answer(host, named, view, asking)
    values |= {"problems": None, "more": view.more, "contents": None, "leaves": {}}
    if answer is None:
        return Shown(status=503, values=values)
    links = await request_links(host, town.code, viewer, (answer.contents,))
    turns = {at: (leaf, count, asking.address(path, at)) for at, (leaf, count) in answer.leaves.items() if count > 1}
    return Shown(status=200, values=values | {"contents": drawn_as(answer.contents), "links": links, "leaves": turns})


async def _view(
    host: Host, town: Jurisdiction, viewer: Viewer, named: NamedPage, shown_to: PageViewers, asking: Asking
) -> PageView:
    """What the plugin is given; at the desk also what it remembers of requests that the viewer may see."""
    view = PageView(shown_to=shown_to, town=town.code, today=asking.today, filters=asking.answers)
    if shown_to != "desk":
        return view
    scope = scope_of(viewer, town.code, host.jurisdictions, "see")
    kept, more = await kept_about(keeper_of(host, named.origin, named.page.connector), within(scope))
    return PageView(shown_to=shown_to, town=town.code, today=asking.today, filters=asking.answers, kept=kept, more=more)


async def _answer(host: Host, named: NamedPage, view: PageView, asking: Asking) -> PageAnswer | None:
    async def prepared() -> tuple[PageView, Connection]:
        keeper = keeper_of(host, named.origin, named.page.connector)
        return view, await lent_to(host, "pages", named.origin, keeper, SECONDS)

    question = Question(
        hook="pages",
        code=named.page.code,
        origin=named.origin,
        function=named.page.show,
        prepared=prepared,
        seconds=SECONDS,
        mistakes=lambda answer: content_mistakes(answer, MOST_ON_A_PAGE, turned_to(answer, asking.leaves)),
        bounded=partial(_answered, leaves=asking.leaves),
        apart=f"{view.town} {view.shown_to}",
    )
    found: PageAnswer | None = (await asked(host, [question]))[question.name]
    return found


def _answered(answer: Any, leaves: Mapping[int, int]) -> PageAnswer:
    turned = turned_to(answer, leaves)
    counts = {at: -(-len(each.rows) // MOST_ROWS) for at, each in enumerate(answer, 1) if isinstance(each, Table)}
    return PageAnswer(
        contents=bounded(answer, turned),
        leaves={at: (turned.get(at, 0) // MOST_ROWS + 1, count) for at, count in counts.items()},
    )
