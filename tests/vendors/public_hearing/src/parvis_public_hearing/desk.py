"""At the desk: the hearings of the town on a page, those of a request in a box, and calling one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from parvis.i18n import gettext, say
from parvis.requests.changing import Conflict
from parvis.requests.declarations import type_of_record
from parvis.requests.remaining_parts import has_part
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go, work
from parvis.web.desk.lists.period import chosen_days, period_of
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE
from parvis.web.links import PageLink
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_public_hearing.calling import Wanted, call_hearing
from parvis_public_hearing.hearings import hearings_in, hearings_of
from parvis_public_hearing.parts import PublicHearing
from parvis_public_hearing.settings import settings_in
from parvis_sdk.workflow import Denied

HEARINGS, WORD = "/bureau/audiences", "audience"


@get(HEARINGS)
async def show_hearings(room: AtDesk) -> Response[str]:
    """Those that are to come and those that were held, of the requests that one may see; or those of some days."""
    room.demand("see")
    asked = room.request.query_params
    period = period_of(room, chosen_days(room)) if "depuis" in asked else None
    state = "held" if asked.get("etat") == "tenues" else ""
    found = await hearings_in(room.town.code, room.scope("see"), period, state)
    return room.show("public_hearing/hearings.html", hearings=[(each, case_path(each.reference)) for each in found])


@get(f"{CASE}/{WORD}/{{code:str}}")
async def show_calling(room: AtDesk, reference: FromPath[str], code: FromPath[str]) -> Response[str]:
    """Where a hearing is called."""
    return await _page(room, reference, code, place=settings_in(room.town).usual_place)


@post(f"{CASE}/{WORD}/{{code:str}}", status_code=200)
async def call(room: AtDesk, request: AnyRequest, reference: FromPath[str], code: FromPath[str]) -> Response[str]:
    """Call a hearing; what was typed wrong is told beside what was typed."""
    record, sent = await room.record(reference, "hearings", is_look=False), await typed(request)
    moment = _moment(sent.text("at"), room.town.time_zone)
    place = sent.text("place").strip()[:200]
    if moment is None or not place:
        return await _page(room, reference, code, gettext("Say when and where."), sent.text("at"), place)
    wanted = Wanted(code=code, starts_at=moment, place=place, invited=sent.text("invited").strip()[:2000])
    done = await call_hearing(room.host, record.reference, wanted, actor=room.actor)
    if isinstance(done, Denied):
        return await _page(room, reference, code, say(done.reason), sent.text("at"), place)
    assert not isinstance(done, Conflict)
    return go(case_path(record.reference))


async def _page(
    room: DeskContext, reference: str, code: str, error: str = "", at: str = "", place: str = ""
) -> Response[str]:
    record = await room.record(reference, "hearings")
    part = (await type_of_record(room.host, record)).part(PublicHearing, code)
    if part is None or record.erased_at is not None:
        raise NotFoundException("No hearing is foreseen here.")
    values = {"record": record, "part": part, "error": error, "at": at, "place": place}
    status = 422 if error else 200
    return room.show("public_hearing/calling.html", status=status, back=case_path(record.reference), **values)


async def hearing_box(room: DeskContext, case: Case) -> Panel | None:
    """The hearings of one request, with the way to call one."""
    parts = {part.code: part for part in case.request_type.of(PublicHearing)}
    found = await hearings_of(case.record.id)
    called = {each.code for each in found if each.state == "called"}
    may_call = room.may("hearings", case.record) and case.record.erased_at is None
    ways = [(part.title, case_path(case.record.reference, WORD, code)) for code, part in parts.items() if may_call]
    to_call = [way for way, code in zip(ways, parts, strict=False) if code not in called]
    values = {"hearings": [(parts[each.code].title, each) for each in found if each.code in parts], "ways": to_call}
    return Panel(template="public_hearing/box.html", values=values)


def _moment(text: str, zone: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


def has_hearings(room: DeskContext) -> bool:
    """Whether anything of this town is heard in public."""
    return has_part(room.host, room.town, PublicHearing)


LINK = PageLink(
    slot="desk.menu",
    path=HEARINGS,
    after="/bureau/visites",
    text=lambda: gettext("Public hearings"),
    right="see",
    when=has_hearings,
    icon="calendar",
    group=work,
)
PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request",
    name="public_hearing",
    after="supplements",
    title=lambda: gettext("Public hearings"),
    draw=hearing_box,
    applies=lambda room, case: bool(case.request_type.of(PublicHearing)),
)
