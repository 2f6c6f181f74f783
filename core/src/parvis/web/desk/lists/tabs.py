"""The lists that people open all day, each one press away above the queue, and the notes that name somebody."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from msgspec import Struct

from parvis.access_scope import Condition
from parvis.i18n import gettext
from parvis.requests.lists.search import Filters, where_for
from parvis.requests.work.conversation import mentions_of, seen
from parvis.requests.work.waiting import MANY
from parvis.web.desk.context import QUEUE, AtDesk, DeskContext, go, title_of, waiting_at
from parvis.web.desk.lists.filtering import COLUMN, ME, NOBODY, UNIT, WAITING, ListQuery
from parvis.web.desk.lists.filters import (
    LED_TO,
    QUEUE_FILTERS,
    SLOT,
    FilterContext,
    QueueFilter,
    at_hand,
    filters_of,
    list_of,
    searcher_at,
)
from parvis.web.desk.one_request.forms import CASE
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest


class Tab(Struct, frozen=True, kw_only=True):
    """One list above the queue: its address, whether it is the open one, and how many are in it if counted."""

    text: str
    href: str
    current: bool
    number: str = ""


COUNTED: Mapping[str, ListQuery] = {
    "open": ListQuery(),
    "mine": ListQuery(values={"a": (ME,)}),
    "unit": ListQuery(values={UNIT: (ME,)}),
    "nobody": ListQuery(values={"a": (NOBODY,)}),
    "late": ListQuery(values={"retard": ("oui",)}),
    "asked": ListQuery(values={"phase": ("waiting_for_you",)}),
}
"""Lists that an index counts; each is counted up to `MANY`, all in the statement that counts for the menu."""


def counts_at(room: DeskContext) -> dict[str, Condition]:
    """The queries that count the lists above the queue, by the name under which they are counted."""
    if room.request.url.path != QUEUE or "see" not in room.rights:
        return {}
    searcher = searcher_at(room)
    filters = {name: filters_of(asked, searcher, QUEUE_FILTERS + LED_TO) for name, asked in COUNTED.items()}
    brought = [each for each in room.nouns(QueueFilter, SLOT) if each.tab]
    filters |= {each.name: filters_of(list_of(each), searcher, (each,)) for each in brought}
    return {_counted(name): _query(room, each) for name, each in filters.items() if name != "unit" or room.own_units}


def _query(room: DeskContext, filters: Filters) -> Condition:
    where, values = where_for(room.host, room.viewer, room.town.code, filters)
    return f"SELECT id FROM service_request WHERE {where} LIMIT {MANY}", values  # noqa: S608 - ours


def _counted(name: str) -> str:
    return f"{QUEUE}#{name}"


async def tabs_of(room: DeskContext, asked: ListQuery, context: FilterContext) -> list[Tab]:
    """The lists in their order; columns that the address names stay from one to the next."""
    counted = waiting_at(room.request)
    kept = {COLUMN: asked.all(COLUMN)} if asked.all(COLUMN) else {}
    shown = {name: value for name, value in asked.values.items() if name not in ("apres", COLUMN)}

    def tab(text: str, view: ListQuery, name: str = "") -> Tab:
        number = counted.get(_counted(name))
        return Tab(
            text=text,
            href=view.with_(**kept).address(QUEUE),
            current=view.values == shown,
            number="" if number is None else f"{MANY - 1}+" if number >= MANY else str(number),
        )

    return [
        tab(gettext("All open"), COUNTED["open"], "open"),
        tab(gettext("Mine"), COUNTED["mine"], "mine"),
        *([tab(gettext("My unit’s"), COUNTED["unit"], "unit")] if room.own_units else []),
        tab(gettext("Unassigned"), COUNTED["nobody"], "nobody"),
        tab(gettext("Overdue"), COUNTED["late"], "late"),
        *(tab(*each) for each in await at_hand(context)),
        tab(gettext("Waiting for the requester"), COUNTED["asked"], "asked"),
        tab(gettext("Waiting for another system"), ListQuery(values={WAITING: ("oui",)})),
        tab(gettext("Closed"), ListQuery(values={"ouvertes": ("non",), "tri": ("newest",)})),
    ]


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
