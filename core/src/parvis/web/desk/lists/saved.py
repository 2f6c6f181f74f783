"""Keeping the list that is open under a name, and taking it away again."""

from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from litestar import Response, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.requests.lists.saved_views import drop_view, keep_view
from parvis.web.desk.context import QUEUE, AtDesk, go
from parvis.web.desk.lists.filtering import ListQuery
from parvis.web.desk.lists.queue_filters import asked_in
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed

VIEWS = f"{QUEUE}/vues"


def kept_part(asked: ListQuery) -> ListQuery:
    """What of a list is kept: not the words looked for, which may name a person and would outlive their erasure."""
    return asked.with_(q="")


@post(VIEWS)
async def keep_this_view(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Keep the list of this address; with nobody, or with a unit that the person sees."""
    room.demand("see")
    sent = await typed(request)
    asked = kept_part(asked_in(room, parse_qsl(sent.text("query")[:4000])))
    unit = sent.text("avec")
    offered = {code for code, _ in room.units_for("see")}
    name = sent.text("nom").strip()
    if not name or not asked.values or (unit and unit not in offered):
        return go(told(asked, "sans-nom"))
    kept = await keep_view(room.heart.engine, room.town.code, room.person.id, name, asked.address("")[1:], unit)
    return go(told(asked, "gardee" if kept else "trop"))


@post(f"{VIEWS}/{{id:uuid}}/retirer")
async def drop_this_view(room: AtDesk, id: FromPath[UUID]) -> Response[Any]:
    """Take away a list of one's own."""
    room.demand("see")
    if not await drop_view(room.heart.engine, room.town.code, room.person.id, id):
        raise NotFoundException("There is no such list.")
    return go(told(ListQuery(), "retiree"))


def told(asked: ListQuery, done: str) -> str:
    """The list again, saying what was done."""
    return ListQuery(values={**asked.values, "fait": (done,)}).address(QUEUE)
