"""What retention destroys and who approved it, and the signed register of what it did."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from parvis import clock
from parvis.i18n import gettext, ngettext
from parvis.requests.actors import Actor
from parvis.requests.keeping.retention import due_for_destruction
from parvis.sheets import MARK, sheet
from parvis.web.links import PageLink
from parvis.web.operators.context import HOME, AtOperations, OperatorContext
from parvis.web.operators.overview import Concern
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_disposal.destruction import approve, approved_lists, listing_of, lists_to_approve, served
from parvis_disposal.register import is_whole, register, signed
from parvis_disposal.town_destruction import DESTRUCTION

RETENTION = f"{HOME}/conservation"
REGISTER = f"{RETENTION}/registre.csv"
CHECK = f"{RETENTION}/verification"
DUE_LIST = f"{RETENTION}/liste.csv"
APPROVAL = f"{RETENTION}/approbation"
AHEAD = (0, 30, 90, 365)
MOST_DUE = 500
LARGEST_REGISTER = 20_000_000
NAMES = ("at", "reference", "jurisdiction", "type", "then", "entries", "files", "reason")


@get(RETENTION)
async def show_retention(request: AnyRequest) -> Response[Any]:
    return await _retention(OperatorContext(request))


@get(DUE_LIST)
async def take_list(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """The whole signed list that is to be approved, or was."""
    mark = _mark(request.query_params.get("liste"))
    listing = await listing_of(room.host, mark, [town.code for town in room.towns])
    if listing is None:
        raise NotFoundException("There is no such list, or it has changed since.")
    room.note("take list to destroy", mark=mark)
    return Response(
        MARK + listing,
        media_type="text/csv",
        headers={
            "content-disposition": f'attachment; filename="destruction-{mark[:12]}.csv"',
            "cache-control": "private, no-store",
        },
    )


@get(APPROVAL)
async def ask_approval(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """One list, to be confirmed on a page of its own."""
    mark = _mark(request.query_params.get("liste"))
    there = await lists_to_approve(room.host, [town.code for town in room.towns])
    found = next((each for each in there if each.mark == mark), None)
    if found is None:
        return await _retention(room, verdict="gone")
    return room.show("disposal/destruction.html", due=found, shown=found.lines[:MOST_DUE], title_of=_title_of(room))


@post(APPROVAL, status_code=200)
async def approve_list(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """Let the workers destroy what stands in this very list."""
    sent = await typed(request)
    mark = _mark(sent.text("liste"))
    actor = Actor(kind="agent", id=room.person.id, name=room.person.name)
    found = await approve(room.host, mark, actor=actor, towns=[town.code for town in room.towns])
    if found is None:
        return await _retention(room, verdict="gone")
    room.note("approve destruction", mark=mark, town=found.jurisdiction, type=found.type, lines=len(found.lines))
    return Redirect(f"{RETENTION}?fait=approuve#main", status_code=303)


@get(REGISTER)
async def take_register(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """What was destroyed in a period, signed; both days count."""
    first, last = _days(request, room.town.time_zone)
    zone = ZoneInfo(room.town.time_zone)
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    lines = [line for line in await register(since, until) if room.runs(line.jurisdiction)]
    rows = [[line.at.isoformat(), *(getattr(line, name) for name in NAMES[1:])] for line in lines]
    room.note("take register", since=str(first), until=str(last), lines=len(lines))
    saved = f'attachment; filename="registre-{first}-{last}.csv"'
    return Response(
        MARK + signed(room.host.secret, sheet(NAMES, rows)),
        media_type="text/csv",
        headers={"content-disposition": saved, "cache-control": "private, no-store"},
    )


@post(CHECK, status_code=200)
async def check_register(room: AtOperations, request: AnyRequest) -> Response[Any]:
    """Whether a register that somebody kept is one of ours, unchanged."""
    sent = await typed(request)
    files = sent.files.get("register", ())
    if not files:
        return await _retention(room, verdict="missing")
    content = await files[0].read(LARGEST_REGISTER + 1)
    whole = len(content) <= LARGEST_REGISTER and is_whole(room.host.secret, content.decode("utf-8", "replace"))
    return await _retention(room, verdict="whole" if whole else "changed")


async def _retention(room: OperatorContext, verdict: str = "") -> Response[Any]:
    given = str(room.request.query_params.get("jours", "0"))
    days = int(given) if given in map(str, AHEAD) else 0
    towns = [town.code for town in room.towns]
    here = served(room.host, towns)
    due = await due_for_destruction(room.host, clock.now() + timedelta(days=days), here)
    today = clock.now().astimezone(ZoneInfo(room.town.time_zone)).date()
    return room.show(
        "disposal/retention.html",
        status={"missing": 422, "changed": 422, "gone": 409}.get(verdict, 200),
        due=due[:MOST_DUE],
        total=len(due),
        to_approve=await lists_to_approve(room.host, towns),
        approved=await approved_lists(towns),
        alone=[town for town in room.towns if town.code in here and DESTRUCTION.of(town).runs_alone],
        idle=[town for town in room.towns if town.code not in here],
        days=str(days),
        ahead=[(str(each), _ahead(each)) for each in AHEAD],
        title_of=_title_of(room),
        verdict=verdict,
        since=today - timedelta(days=365),
        until=today,
    )


def _title_of(room: OperatorContext) -> Callable[[str], Any]:
    return lambda code: request_type.title if (request_type := room.host.plugins.request_type(code)) else code


def _mark(given: object) -> str:
    return str(given or "")[:64]


def _days(request: AnyRequest, time_zone: str) -> tuple[date, date]:
    today = clock.now().astimezone(ZoneInfo(time_zone)).date()
    given = []
    for name, otherwise in (("du", today - timedelta(days=365)), ("au", today)):
        try:
            day = date.fromisoformat(str(request.query_params.get(name, "")))
        except ValueError:
            day = otherwise
        given.append(day if 1990 <= day.year <= 2200 else otherwise)
    first, last = sorted(given)
    return first, last


def _ahead(days: int) -> str:
    return {
        0: gettext("today"),
        30: gettext("within 30 days"),
        90: gettext("within 90 days"),
        365: gettext("within a year"),
    }[days]


LINK = PageLink(
    slot="operators.menu",
    path=RETENTION,
    guide="docs/privacy#how-long",
    after="/exploitation/consultations",
    text=lambda: gettext("Retention"),
)


async def count_waiting(room: OperatorContext) -> int:
    """How many lists somebody has to approve."""
    return len(await lists_to_approve(room.host, [town.code for town in room.towns]))


def waiting_words(number: int) -> str:
    return ngettext(
        "%(num)s list of what is to be destroyed waits for approval.",
        "%(num)s lists of what is to be destroyed wait for approval.",
        number,
    ) % {"num": number}


CONCERN = Concern(slot="operators.overview", name="retention", count=count_waiting, words=waiting_words, href=RETENTION)
