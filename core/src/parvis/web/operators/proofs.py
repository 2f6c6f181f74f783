"""Proofs: what retention will destroy, the signed register of what it did, and whether a history is whole."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post

from parvis import clock
from parvis.i18n import gettext
from parvis.insights.sheets import MARK, sheet
from parvis.requests.keeping.register import is_whole, register, signed
from parvis.requests.keeping.retention import due_to_forget
from parvis.requests.keeping.verifying import broken_histories
from parvis.web.operators.room import CHECK, HISTORIES, REGISTER, RETENTION, Room
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed

AHEAD = (0, 30, 90, 365)
MOST_DUE = 500
LARGEST_REGISTER = 20_000_000
NAMES = ("at", "reference", "jurisdiction", "type", "then", "entries", "files")


@get(RETENTION)
async def show_retention(request: AnyRequest) -> Response[Any]:
    return await _retention(Room(request))


@get(REGISTER)
async def take_register(request: AnyRequest) -> Response[Any]:
    """What was destroyed in a period, signed; both days count."""
    room = Room(request)
    first, last = _days(request, room.town.time_zone)
    zone = ZoneInfo(room.town.time_zone)
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    lines = [line for line in await register(since, until) if room.runs(line.jurisdiction)]
    rows = [[line.at.isoformat(), *(getattr(line, name) for name in NAMES[1:])] for line in lines]
    room.note("take register", since=str(first), until=str(last), lines=len(lines))
    saved = f'attachment; filename="registre-{first}-{last}.csv"'
    return Response(
        MARK + signed(room.heart.secret, sheet(NAMES, rows)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": saved, "cache-control": "private, no-store"},
    )


@post(CHECK, status_code=200)
async def check_register(request: AnyRequest) -> Response[Any]:
    """Whether a register that somebody kept is one of ours, unchanged."""
    room, sent = Room(request), await typed(request)
    files = sent.files.get("register", ())
    if not files:
        return await _retention(room, verdict="missing")
    content = await files[0].read(LARGEST_REGISTER + 1)
    whole = len(content) <= LARGEST_REGISTER and is_whole(room.heart.secret, content.decode("utf-8", "replace"))
    return await _retention(room, verdict="whole" if whole else "changed")


@get(HISTORIES)
async def show_histories(request: AnyRequest) -> Response[Any]:
    """Whether the entries of one request are all there and as they were written."""
    room = Room(request)
    reference = str(request.query_params.get("reference", "")).strip()[:40]
    broken = [each async for each in broken_histories(room.heart, [reference])] if reference else []
    verdict = "" if not reference else "whole"
    if broken:
        verdict = "unknown" if broken[0][1] == 0 else "broken"
    return room.show("histories.html", reference=reference, verdict=verdict, number=broken[0][1] if broken else 0)


async def _retention(room: Room, verdict: str = "") -> Response[Any]:
    given = str(room.request.query_params.get("jours", "0"))
    days = int(given) if given in map(str, AHEAD) else 0
    due = await due_to_forget(room.heart, MOST_DUE, clock.now() + timedelta(days=days))
    today = clock.now().astimezone(ZoneInfo(room.town.time_zone)).date()
    return room.show(
        "retention.html",
        status=422 if verdict in ("missing", "changed") else 200,
        due=await room.theirs(due),
        more=len(due) == MOST_DUE,
        days=str(days),
        ahead=[(str(each), _ahead(each)) for each in AHEAD],
        title_of=lambda code: kind.title if (kind := room.host.house.request_type(code)) else code,
        verdict=verdict,
        since=today - timedelta(days=365),
        until=today,
    )


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
