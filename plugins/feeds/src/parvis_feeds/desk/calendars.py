"""Where somebody of the town makes the private address of their calendar, and revokes it."""

from typing import Any

from litestar import Response, get, post

from parvis.i18n import gettext
from parvis.requests.links import town_url
from parvis.web.desk.context import AtDesk, DeskContext, go
from parvis.web.links import PageLink
from parvis_feeds.calendar_addresses import Subscriber, made_at, make_address, revoke_address
from parvis_feeds.portal.calendars import ROOT, SUFFIX

CALENDAR = "/bureau/agenda"


@get(CALENDAR)
async def show_calendar(room: AtDesk) -> Response[Any]:
    """Whether there is an address, since when, and what the calendar holds."""
    room.demand("work")
    return await _page(room)


@post(CALENDAR, status_code=200)
async def make_calendar(room: AtDesk) -> Response[Any]:
    """A new address, shown once; the one before is revoked."""
    room.demand("work")
    secret = await make_address(room.host.engine, _whose(room))
    return await _page(room, f"{town_url(room.host, room.town)}{ROOT}/{secret}{SUFFIX}")


@post(f"{CALENDAR}/revocation", status_code=200)
async def revoke_calendar(room: AtDesk) -> Response[Any]:
    """No program reads the calendar any more."""
    room.demand("work")
    ended = await revoke_address(room.host.engine, _whose(room))
    return go(f"{CALENDAR}?fait={'revoque' if ended else 'rien'}#main")


def _whose(room: DeskContext) -> Subscriber:
    return Subscriber(room.person.id, room.town.code)


async def _page(room: DeskContext, address: str = "") -> Response[Any]:
    return room.show(
        "feeds/calendar.html",
        address=address,
        since=await made_at(_whose(room)),
        inspections=room.host.modules.of(room.town).has("inspections"),
        done=room.request.query_params.get("fait", ""),
    )


LINES = (
    PageLink(
        slot="desk.account",
        path=CALENDAR,
        guide="docs/feeds#due-dates-and-inspections-in-a-calendar",
        text=lambda: gettext("My due dates in my calendar"),
        right="work",
    ),
)
