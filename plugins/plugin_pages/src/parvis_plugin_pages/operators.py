"""Pages of plugins in the operators' sections."""

from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, PLUGINS, AtOperations, OperatorContext
from parvis.web.pages import AnyRequest
from parvis_plugin_pages.showing import line_of, looked_at, opened_by, path_of

PAGES, SLOT = f"{HOME}/pages", "operators.menu"


@get(f"{PAGES}/{{plugin:str}}/{{code:str}}")
async def show_page(
    room: AtOperations, request: AnyRequest, plugin: FromPath[str], code: FromPath[str]
) -> Response[Any]:
    """Of the town at whose address the operator is; of one that they run."""
    if not room.runs(room.town.code):
        raise PermissionDeniedException("This needs the right 'operate' in this town.")
    named = opened_by(room.host.plugins.pages_for("operators", room.town.plugins), plugin, code)
    if named is None:
        raise NotFoundException("There is no such page.")
    path = path_of(PAGES, named)
    shown = await looked_at(room.host, room.town, room.viewer, named, "operators", path, request.query_params)
    return shown.on(room.show, "plugin_pages/operators.html")


def lines(room: OperatorContext) -> tuple[PageLink, ...]:
    """One for each page of this town, where the person runs it and it has the module."""
    if not room.runs(room.town.code) or not room.host.modules.of(room.town).has("plugin_pages"):
        return ()
    return tuple(line_of(SLOT, PAGES, each) for each in room.host.plugins.pages_for("operators", room.town.plugins))


LINE = PageLink(slot=SLOT, path=PAGES, after=PLUGINS, text=lambda: gettext("Pages of plugins"), each=lines)
