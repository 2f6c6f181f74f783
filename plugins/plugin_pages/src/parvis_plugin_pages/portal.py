"""Pages of plugins that everybody may read, and their list on the first page of a town."""

from datetime import timedelta
from functools import partial
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException, TooManyRequestsException
from litestar.params import FromPath

from parvis.i18n import gettext, say
from parvis.people.throttle import caller_of, key_of, take_try
from parvis.requests.visibility import PUBLIC
from parvis.web.addresses import address, patterns
from parvis.web.pages import AnyRequest, render
from parvis.web.panels import PagePanel, Panel
from parvis.web.portal.visit import AtPortal, Visit
from parvis_plugin_pages.showing import looked_at, opened_by

PAGES = {"fr": "pages", "en": "pages"}
LOOKS, WINDOW = 300, timedelta(minutes=10)  # of one address: a whole library is one caller


@get(patterns(PAGES, "{plugin:str}", "{code:str}"), name="plugin-page")
async def show_page(here: AtPortal, request: AnyRequest, plugin: FromPath[str], code: FromPath[str]) -> Response[Any]:
    named = opened_by(here.host.plugins.pages_for("public", here.town.plugins), plugin, code)
    if named is None:
        raise NotFoundException("There is no such page.")
    if not await take_try(here.host.engine, key_of("plugin-page", caller_of(request)), LOOKS, WINDOW):
        raise TooManyRequestsException("Too many pages were opened from this address within ten minutes.")
    path = address(here.language, PAGES, plugin, code)
    shown = await looked_at(here.host, here.town, PUBLIC, named, "public", path, request.query_params)
    return shown.on(partial(render, request), "plugin_pages/portal.html")


async def listed_at_home(here: Visit, about: None) -> Panel | None:
    """The way to them from the first page of the town."""
    pages = here.host.plugins.pages_for("public", here.town.plugins)
    lines = [
        {
            "title": say(each.page.title),
            "summary": say(each.page.summary) if each.page.summary else "",
            "path": address(here.language, PAGES, each.origin.name, each.page.code),
        }
        for each in pages
    ]
    return Panel(template="plugin_pages/home.html", values={"lines": lines}) if lines else None


AT_HOME: PagePanel[Visit, None] = PagePanel(
    slot="portal.home", name="plugin-pages", title=lambda: gettext("Also on this site"), draw=listed_at_home
)
