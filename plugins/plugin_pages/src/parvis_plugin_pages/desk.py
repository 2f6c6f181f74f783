"""Pages of plugins at the desk: each needs a right of its own, which also shows its line in the menu."""

from functools import partial
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.plugins.registry import NamedPage
from parvis.web.desk.context import MENU, AtDesk, DeskContext, management, work
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis_plugin_pages.showing import line_of, looked_at, opened_by, path_of
from parvis_sdk.pages import Menu

PAGES = "/bureau/pages"


@get(f"{PAGES}/{{plugin:str}}/{{code:str}}")
async def show_page(room: AtDesk, request: AnyRequest, plugin: FromPath[str], code: FromPath[str]) -> Response[Any]:
    named = opened_by(room.host.plugins.pages_for("desk", room.town.plugins), plugin, code)
    if named is None:
        raise NotFoundException("There is no such page.")
    room.demand(named.name)
    path = path_of(PAGES, named)
    shown = await looked_at(room.host, room.town, room.viewer, named, "desk", path, request.query_params)
    return shown.on(room.show, "plugin_pages/desk.html")


def pages_of(room: DeskContext) -> tuple[NamedPage, ...]:
    """The pages that the person may open in this town."""
    return tuple(each for each in room.host.plugins.pages_for("desk", room.town.plugins) if each.name in room.rights)


def lines(menu: Menu, room: DeskContext) -> tuple[PageLink, ...]:
    """The lines of those that stand in one menu."""
    group = {"work": work, "management": management}[menu]
    return tuple(line_of(MENU, PAGES, each, group=group) for each in pages_of(room) if each.page.menu == menu)


LINES = (
    PageLink(
        slot=MENU,
        path=f"{PAGES}/",
        after="/bureau/ce-qui-traine",
        text=lambda: gettext("Pages of plugins"),
        each=partial(lines, "work"),
    ),
    PageLink(
        slot=MENU,
        path=f"{PAGES}/gestion",
        after="/bureau/regles",
        text=lambda: gettext("Pages of plugins"),
        each=partial(lines, "management"),
    ),
)
"""Where the lines of these pages stand, in each menu."""
