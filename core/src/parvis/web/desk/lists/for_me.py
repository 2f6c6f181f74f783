"""What colleagues want somebody to see: the notes that name them, until they say that they have seen it."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath

from parvis.i18n import gettext
from parvis.requests.work.conversation import mentions_of, seen
from parvis.web.desk.context import AtDesk, go, title_of
from parvis.web.desk.one_request.forms import CASE
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest

FOR_ME = "/bureau/pour-moi"


@get(FOR_ME)
async def show_for_me(room: AtDesk) -> Response[Any]:
    """The requests in whose notes a colleague named this person."""
    room.demand("see")
    found = await mentions_of(room.host, room.viewer, room.town.code)
    return room.show("desk/for_me.html", found=found, type_title=lambda code: title_of(room, code))


@post(f"{CASE}/vu")
async def have_seen(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Take what names this person about one request off their list."""
    await seen(room.host, room.viewer, await room.record(reference))
    return go(f"{FOR_ME}#main")


LINK = PageLink(
    slot="desk.menu",
    path=FOR_ME,
    after="/bureau",
    text=lambda: gettext("For me"),
    right="see",
    icon="user",
)
