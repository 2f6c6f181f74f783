"""Notices at the desk: services closed and opened by date, sector or operation, by those responsible for them."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath

from parvis import clock
from parvis.access_scope import EVERYWHERE
from parvis.i18n import gettext
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import local_day
from parvis.people.agents import as_id
from parvis.requests.advice import Notice, notices_in_files
from parvis.requests.offered import types_for_anyone
from parvis.requests.records import Record
from parvis.web.desk.context import AtDesk, DeskContext, go, title_of, zone_name
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_incidents.bulletin import Bulletin
from parvis_incidents.desk import in_menu
from parvis_incidents.desk.notice_form import form_of, notice_from
from parvis_incidents.incidents import title_of as incident_title_of
from parvis_incidents.matching import INCIDENT
from parvis_incidents.notices import end_notice, lift, notices_kept, post_notice, under_way_of_town
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

NOTICES = "/bureau/avis"
NEW = f"{NOTICES}/nouveau"
WITH_REFERENCE = Text(fr="{title} ({reference})", en="{title} ({reference})")


@get(NOTICES)
async def show_notices(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """What stands, written at the desk or in the files of the town, and what is over."""
    demand_whole(room)
    return room.show(
        "incidents/notices.html",
        kept=await notices_kept(room.town),
        in_files=notices_in_files(room.host, room.town),
        lifted=room.host.of(Bulletin).lifted(room.town.code),
        is_now=lambda notice: notice.is_in_force(clock.now()),
        about=lambda notice: _about(room, notice),
        done=request.query_params.get("fait", ""),
    )


def _about(room: DeskContext, notice: Notice) -> str:
    """The services and the sectors of a notice."""
    parts = [title_of(room, code) for code in notice.types] + [zone_name(room.town, code) for code in notice.zones]
    return ", ".join(parts)


@get(NEW)
async def new_notice(room: AtDesk) -> Response[Any]:
    """The questions of a notice."""
    demand_whole(room)
    return await _form(room, {}, str(new_id()))


@post(NEW, status_code=200)
async def write_notice(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Write it, or say what is wrong with it."""
    demand_whole(room)
    sent = await typed(request)
    id = as_id(sent.text("id")) or str(new_id())
    given = sent.values.get("answers")
    given = given if isinstance(given, dict) else {}
    standing = await under_way_of_town(room.host, room.town)
    form = form_of(room.town, types_for_anyone(room.host, room.town), _named(room, standing))
    read = form.read(given, today=local_day(room.town.calendar, clock.now()))
    if isinstance(read, Problems):
        return await _form(room, given, str(id), read)
    notice = notice_from(room.town, f"desk-{str(id)[-12:]}", read.answers)
    if isinstance(notice, Problems):
        return await _form(room, given, str(id), notice)
    ends_with = next((one.id for one in standing if one.reference == read.answers.get("while_open")), None)
    await post_notice(room.host, room.town, UUID(str(id)), notice, actor=room.actor, while_open=ends_with)
    return go(f"{NOTICES}?fait=ecrit#main")


@post(f"{NOTICES}/{{id:uuid}}/fin")
async def end(room: AtDesk, id: FromPath[UUID]) -> Response[Any]:
    """End a notice; or put back one of the files that was lifted."""
    demand_whole(room)
    if not await end_notice(room.host, room.town, id):
        raise NotFoundException("There is no such notice.")
    return go(f"{NOTICES}?fait=fini#main")


@post(f"{NOTICES}/lever")
async def lift_notice(room: AtDesk, request: AnyRequest) -> Response[Any]:
    """Leave a notice of the files aside: the services that it closes are open."""
    demand_whole(room)
    code = (await typed(request)).text("code")
    if code not in {notice.code for notice in notices_in_files(room.host, room.town)}:
        raise NotFoundException("There is no such notice.")
    await lift(room.host, room.town, code, actor=room.actor)
    return go(f"{NOTICES}?fait=leve#main")


async def _form(room: DeskContext, given: dict[str, Any], id: str, problems: Problems | None = None) -> Response[Any]:
    standing = await under_way_of_town(room.host, room.town)
    form = form_of(room.town, types_for_anyone(room.host, room.town), _named(room, standing))
    return room.show(
        "incidents/notice.html",
        status=422 if problems else 200,
        fields=form.fields(),
        values=given,
        problems=problems,
        id=id,
    )


def _named(room: DeskContext, standing: tuple[Record, ...]) -> list[tuple[str, Text]]:
    def title(record: Record) -> Text:
        if record.type == INCIDENT:
            return incident_title_of(room.town, record)
        request_type = room.host.plugins.request_type(record.type)
        return request_type.title if request_type else Text(fr=record.type)

    return [
        (record.reference, WITH_REFERENCE.format(title=title(record), reference=record.reference))
        for record in standing
    ]


def demand_whole(room: DeskContext) -> None:
    """Only who answers for the whole town opens and closes its services."""
    room.demand("report")
    if EVERYWHERE not in room.scope("report").areas:
        raise PermissionDeniedException("This needs the right 'report' over the whole town.")


LINK = PageLink(
    slot="desk.menu",
    path=NOTICES,
    guide="docs/incidents#closing-and-opening-services",
    after="/bureau/incidents",
    text=lambda: gettext("Notices"),
    right="report",
    icon="bell",
    group=in_menu,
)
