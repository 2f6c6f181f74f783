"""The supervision board: what waits and is overdue now, who is here and on what; kept true while it is open."""

from datetime import timedelta
from functools import partial
from typing import Any

from litestar import Response, get

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.plugins.trying import Failure
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, management, title_of, unit_name
from parvis.web.desk.lists.filtering import TEAM, midnight
from parvis.web.desk.lists.period import FIGURES, PeriodFilter
from parvis.web.desk.lists.stalled import StalledList, StalledSource
from parvis.web.links import PageLink
from parvis.web.live_news import live_news
from parvis.web.pages import AnyRequest
from parvis.web.panels import tried
from parvis_dashboards.desk.behind import Lists
from parvis_dashboards.supervising import newest, people_here, units_now

BOARD = "/bureau/supervision"
LIVE = f"{BOARD}/en-direct"
SLOT = "desk.supervision"
"""Where modules say what of theirs waits now: each a `StalledSource`, whose lists are shown with those of requests."""


@get(BOARD)
async def show_board(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Over the units that the person answers for; no word of a resident stands on it, as it may hang on a wall."""
    room.demand("report")
    scope, today = room.scope("report"), local_day(room.town.calendar, clock.now())
    units = await units_now(scope, midnight(today + timedelta(days=1), room.town.time_zone))
    lists = Lists(room, PeriodFilter(since=today, until=today))
    others, missing = await _of_modules(room)
    return room.show(
        "dashboards/supervision.html",
        units=[(unit_name(room.town, each.code), each, _lists_of(lists, **{TEAM: each.code})) for each in units],
        waiting=sum(each.waiting for each in units),
        late=sum(each.late for each in units),
        due=sum(each.due for each in units),
        first=min((each.since for each in units if each.since), default=None),
        lists=_lists_of(lists),
        others=others,
        missing=missing,
        people=await people_here(room.host, room.town, scope),
        title_of=partial(title_of, room),
        case_path=case_path,
        live=LIVE,
        board=BOARD,
        is_wall=request.query_params.get("mur") == "oui",
        now=clock.now(),
    )


@get(LIVE, opt={"uncompressed": True})
async def board_news(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """A stream that says "changed" when a request changed, somebody began to write, or a minute is over."""
    room.demand("report")
    if "text/event-stream" not in request.headers.get("accept", ""):
        return go(BOARD)  # somebody opened the address itself
    return live_news(request, partial(newest, room.host, room.scope("report")))


def _lists_of(lists: Lists, **narrow: str) -> tuple[str, str, str, str]:
    """Behind what waits, what is overdue, all that is open, and what is due today."""
    waiting, due = lists.standing(phase="received", **narrow), lists.due_today(**narrow)
    return waiting, lists.late(**narrow), lists.standing(**narrow), due


async def _of_modules(room: DeskContext) -> tuple[list[StalledList], list[dict[str, str]]]:
    found, missing = list[StalledList](), list[dict[str, str]]()
    for source in room.nouns(StalledSource, SLOT):
        if source.right in ("", *room.rights) and source.when(room):
            told = await tried(source.owner, source.name, partial(source.find, room))
            if isinstance(told, Failure):
                missing.append({"name": source.name, "title": source.title()})
            else:
                found += told.value
    return found, missing


LINK = PageLink(
    slot="desk.menu",
    path=BOARD,
    guide="docs/figures#during-the-day",
    after=FIGURES,
    text=lambda: gettext("Supervision board"),
    right="report",
    icon="users",
    group=management,
)
