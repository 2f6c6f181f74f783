"""When an agent is away and who is the deputy, declared by themselves or by the manager of their unit."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath
from msgspec import Struct

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import Person, agents
from parvis.viewers import can_work
from parvis.web.desk.context import AtDesk, DeskContext, go, management
from parvis.web.desk.lists.filtering import day_of
from parvis.web.desk.one_request.forms import wrong
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_absences.declaring import absences, come_back, declare
from parvis_absences.rules import Absence
from parvis_sdk.problems import Problems

ABSENCES = "/bureau/absences"


class AbsenceLine(Struct, frozen=True, kw_only=True):
    """An absence as it is shown: with names, the last whole day of it, and whether the person may end it."""

    absence: Absence
    name: str
    deputy: str
    last: datetime
    now: bool
    may_end: bool


@get(ABSENCES)
async def show_absences(room: AtDesk) -> Response[Any]:
    """Who is away, or will be; and a form to say so."""
    room.demand("work")
    return await _page(room, {"agent": room.person.id, "first": "", "last": "", "deputy": "", "lends": ""})


@post(ABSENCES, status_code=200)
async def say_away(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Somebody is away from one day to another, both included."""
    room.demand("work")
    sent = await typed(request)
    values = {name: sent.text(name) for name in ("agent", "first", "last", "deputy", "lends")}
    agent = values["agent"] or room.person.id
    colleagues = await _colleagues(room)
    if agent not in _led(room, colleagues) or values["deputy"] not in {"", *colleagues}:
        raise PermissionDeniedException("Only who leads somebody says when they are away.")
    first, last = day_of(values["first"]), day_of(values["last"])
    if first is None or last is None:
        return await _page(room, values, wrong("first" if first is None else "last", gettext("Choose a day.")))
    if last < local_day(room.town.calendar, clock.now()):
        return await _page(room, values, wrong("last", gettext("This period is over.")))
    zone = ZoneInfo(room.town.time_zone)
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    problems = await declare(
        room.host.engine, agent, begins, ends, values["deputy"], by=room.person.name, lends=bool(values["lends"])
    )
    if problems:
        return await _page(room, values, problems)
    return go(f"{ABSENCES}?fait=dit#main")


@post(f"{ABSENCES}/{{id:uuid}}/retour", status_code=200)
async def end_absence(room: AtDesk, id: FromPath[UUID]) -> Response[Any]:
    """Back at work, or not away after all."""
    room.demand("work")
    led = _led(room, await _colleagues(room))
    ended = await come_back(room.host.engine, id, led, by=room.person.name)
    return go(f"{ABSENCES}?fait={'retour' if ended else 'rien'}#main")


async def _colleagues(room: DeskContext) -> dict[str, Person]:
    found = await agents(room.host.engine, room.town.code)
    return {one.id: one for one in found if can_work(one, room.town.code)}


def _led(room: DeskContext, colleagues: Mapping[str, Person]) -> dict[str, Person]:
    """Oneself, and those whose every role lies where the person decides about routing."""
    units = room.scope("route").whole_units

    def within(one: Person) -> bool:
        here = [grant.unit for grant in one.grants if grant.jurisdiction == room.town.code]
        return units is None or all(unit and unit in units for unit in here)

    return {id: one for id, one in colleagues.items() if id == room.person.id or within(one)}


async def _page(room: DeskContext, values: Mapping[str, str], problems: Problems | None = None) -> Response[Any]:
    colleagues, now = await _colleagues(room), clock.now()
    led = _led(room, colleagues)
    names = {id: one.name for id, one in colleagues.items()}
    listed = [
        AbsenceLine(
            absence=each,
            name=names[each.agent],
            deputy=names.get(each.deputy, ""),
            last=each.ends_at - timedelta(minutes=1),
            now=each.starts_at <= now,
            may_end=each.agent in led,
        )
        for each in await absences()
        if each.agent in names
    ]
    return room.show(
        "absences/page.html",
        status=422 if problems else 200,
        listed=listed,
        values=values,
        problems=problems,
        led=[(id, one.name) for id, one in led.items()],
        deputies=[("", gettext("No replacement")), *names.items()],
        done=room.request.query_params.get("fait", ""),
    )


LINES = (
    PageLink(
        slot="desk.menu",
        path=ABSENCES,
        guide="docs/roles#while-somebody-is-away",
        after="/bureau/regles",
        text=lambda: gettext("Absences"),
        right="work",
        icon="calendar",
        group=management,
    ),
    PageLink(
        slot="desk.account",
        path=ABSENCES,
        text=lambda: gettext("Record my absence and lend my roles"),
        right="work",
    ),
)
