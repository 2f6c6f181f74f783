"""What was revealed and who looked at what in a town, as it happens: the page of the person in charge of privacy."""

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response, get
from litestar.exceptions import ClientException

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.access_log import AccessLog, lines_of, looks_between, people_on, reveals_in
from parvis.requests.lists.cursors import BadCursor
from parvis.web.desk.context import AtDesk, DeskContext, go, management
from parvis.web.desk.lists.filtering import day_of
from parvis.web.links import PageLink
from parvis.web.live_news import live_news
from parvis.web.pages import AnyRequest
from parvis.web.value_names import what_words

CONFIDENTIAL = "/bureau/renseignements-consultes"
LIVE = f"{CONFIDENTIAL}/en-direct"
MOST_LINES = 200


@get(CONFIDENTIAL)
async def show_confidential(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Everything revealed with its reason, the latest first; what was looked at on one day, by all or by one person."""
    room.demand("privacy")
    given = request.query_params
    try:
        reveals, earlier = await reveals_in(room.town.code, given.get("apres", ""), reader=room.person.id)
    except BadCursor as error:
        raise ClientException("This address is none that a page here has given.") from error
    today = local_day(room.town.calendar, clock.now())
    day, who = day_of(given.get("jour", "")) or today, given.get("qui", "")[:60]
    since, until = _bounds(room, day)
    people = await people_on([room.town.code], since, until, reader=room.person.id)
    about = next((one for one in people if one.who == who), None)
    return room.show(
        "registers/confidential.html",
        reveals=reveals,
        earlier=f"{CONFIDENTIAL}?{urlencode({'apres': earlier})}#main" if earlier else "",
        later=CONFIDENTIAL if given.get("apres") else "",
        day=day,
        people=people,
        about=about,
        lines=await lines_of(
            [room.town.code], since, until, who if about else "", reader=room.person.id, most=MOST_LINES
        ),
        what_words=what_words,
        at=_at,
        before=_at(day - timedelta(days=1)),
        after=_at(day + timedelta(days=1)) if day < today else "",
        days=room.host.of(AccessLog).days,
        live=LIVE,
    )


def _at(day: date, who: str = "") -> str:
    return f"{CONFIDENTIAL}?{urlencode({'jour': day.isoformat(), **({'qui': who} if who else {})})}"


def _bounds(room: DeskContext, day: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(room.town.time_zone)
    since, until = (datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + timedelta(days=1)))
    return since, until


@get(LIVE, opt={"uncompressed": True})
async def live(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """A stream that says "changed" when somebody revealed or looked at something; nothing more."""
    room.demand("privacy")
    if "text/event-stream" not in request.headers.get("accept", ""):
        return go(CONFIDENTIAL)  # somebody opened the address itself
    return live_news(request, partial(_newest, room))


async def _newest(room: DeskContext) -> tuple[Any, int]:
    reveals, _ = await reveals_in(room.town.code, reader=room.person.id)
    since, until = _bounds(room, local_day(room.town.calendar, clock.now()))
    return (
        reveals[0].id if reveals else None,
        await looks_between(room.town.code, since, until, reader=room.person.id),
    )


LINK = PageLink(
    slot="desk.menu",
    path=CONFIDENTIAL,
    after="/bureau/regles",
    text=lambda: gettext("Access to confidential information"),
    right="privacy",
    icon="lock",
    group=management,
)
