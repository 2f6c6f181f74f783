"""Changing the promised date of a request and pausing its response times, with the reason that its requester reads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath

from parvis import clock
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.changing import Conflict
from parvis.requests.clocks.clocks import clocks_of
from parvis.requests.promises.promising import MOST_WORDS, REASONS, WHYS, held_by, pause, reschedule, resume
from parvis.requests.records import Record
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.differing import news_of
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel
from parvis.web.typed import typed
from parvis_sdk.fields import Date, LongText, OneOf, Option
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Phase
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

NAMES = {
    "requester": Text(fr="La personne doit faire quelque chose", en="The person has to do something"),
    "elsewhere": Text(fr="Un autre organisme doit répondre", en="Another body has to answer"),
    "weather": Text(fr="La météo ne permet pas les travaux", en="The weather does not allow the work"),
}
FORM = Form(
    sections=(
        Section(
            code="pause",
            title=Text(fr="Suspendre le délai", en="Pause the response time"),
            fields=(
                OneOf(
                    code="why",
                    label=Text(fr="Motif de la suspension", en="Reason for the pause"),
                    options=tuple(
                        Option(
                            code=why,
                            label=NAMES[why],
                            help=Text(
                                fr=f"La personne lit\u00a0: «\u00a0{REASONS[why].fr}\u00a0».",
                                en=f"The person reads: “{REASONS[why].to('en')}”.",
                            ),
                        )
                        for why in WHYS
                    ),
                ),
                LongText(
                    code="words",
                    label=Text(fr="Précisions", en="Details"),
                    help=Text(fr="La personne lira ce texte.", en="The requester will read this text."),
                    example=Text(
                        fr="Hydro-Québec doit d’abord déplacer un poteau.", en="Hydro-Québec has to move a pole first."
                    ),
                    required=False,
                    max_length=MOST_WORDS,
                    rows=3,
                ),
            ),
        ),
    )
)


@get(f"{CASE}/pause")
async def show_pause(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    record = await room.record(reference, "work")
    return await _page(room, record, {})


@post(f"{CASE}/pause")
async def pause_delay(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    record, sent = await room.record(reference, "work"), await typed(request)
    raw = {name: sent.values.get(name) for name in ("why", "words")}
    read = FORM.read(raw)
    if isinstance(read, Problems):
        return await _page(room, record, raw, read)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, record, raw, seen)
    answer = await pause(
        room.host,
        record.reference,
        read.answers["why"],
        read.answers.get("words", ""),
        actor=room.actor,
        expected=seen,
    )
    return await _answered(room, record, raw, answer, "pause")


@post(f"{CASE}/reprise")
async def resume_delay(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    record, sent = await room.record(reference, "work"), await typed(request)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await _page(room, record, {}, seen)
    answer = await resume(room.host, record.reference, actor=room.actor, expected=seen)
    return await _answered(room, record, {}, answer, "reprise")


async def _answered(
    room: DeskContext, record: Record, raw: dict[str, Any], answer: Record | Denied | Conflict, done: str
) -> Response[Any]:
    if isinstance(answer, Denied):
        return await _page(room, record, raw, Problems(found=(Problem(path="", code="", message=answer.reason),)))
    if isinstance(answer, Conflict):
        now = await room.record(record.reference, "work")
        return await _page(room, now, raw, news=await news_of(room, now, answer))
    return go(f"{case_path(record.reference)}?fait={done}#main")


async def _page(
    room: DeskContext,
    record: Record,
    values: dict[str, Any],
    problems: Problems | None = None,
    *,
    news: Sequence[dict[str, Any]] | None = None,
) -> Response[Any]:
    why = held_by(await clocks_of(record.id))
    if not why:
        room.writes(record)
    return room.show(
        "promised_dates/pause.html",
        status=422 if problems else 409 if news is not None else 200,
        record=record,
        why=REASONS[why] if why else None,
        fields=FORM.fields(),
        values=values,
        problems=problems,
        news=news,
    )


TITLE = Text(fr="Nouvelle date promise", en="New promised date")
PROMISING_FORM = Form(
    sections=(
        Section(
            code="promise",
            title=TITLE,
            fields=(
                Date(code="day", label=TITLE, earliest=0),
                LongText(
                    code="reason",
                    label=Text(fr="Motif du changement", en="Reason for the change"),
                    help=Text(fr="La personne lira ce texte.", en="The requester will read this text."),
                    example=Text(
                        fr="L’asphalte à chaud n’est pas livré avant le dégel.",
                        en="Hot asphalt is not delivered before the thaw.",
                    ),
                    max_length=MOST_WORDS,
                    rows=3,
                ),
            ),
        ),
    )
)


@get(f"{CASE}/promesse")
async def show_promise(room: AtDesk, reference: FromPath[str]) -> Response[Any]:
    record = await room.record(reference, "work")
    return _promising_page(room, record, {})


@post(f"{CASE}/promesse")
async def move_promise(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Promise another day, at the hour of the one before."""
    record, sent = await room.record(reference, "work"), await typed(request)
    raw = {name: sent.values.get(name) for name in ("day", "reason")}
    read = PROMISING_FORM.read(raw, today=local_day(room.town.calendar, clock.now()))
    if isinstance(read, Problems):
        return _promising_page(room, record, raw, read)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return _promising_page(room, record, raw, seen)
    answer = await reschedule(
        room.host,
        record.reference,
        _due_at(room, record, read.answers["day"]),
        read.answers["reason"],
        actor=room.actor,
        expected=seen,
    )
    if isinstance(answer, Problems):
        return _promising_page(room, record, raw, answer)
    if isinstance(answer, Conflict):
        now = await room.record(reference, "work")
        return _promising_page(room, now, raw, news=await news_of(room, now, answer))
    return go(case_path(record.reference) + "?fait=promesse#main")


def _due_at(room: DeskContext, record: Record, day: str) -> datetime:
    zone = ZoneInfo(room.town.time_zone)
    hour = (record.promised_at or clock.now()).astimezone(zone).timetz()
    return datetime.combine(datetime.fromisoformat(day).date(), hour)


def _promising_page(
    room: DeskContext,
    record: Record,
    values: dict[str, Any],
    problems: Problems | None = None,
    *,
    news: Sequence[dict[str, Any]] | None = None,
) -> Response[Any]:
    room.writes(record)
    return room.show(
        "promised_dates/promise.html",
        status=422 if problems else 409 if news is not None else 200,
        record=record,
        fields=PROMISING_FORM.fields(),
        values=values,
        problems=problems,
        news=news,
    )


async def promise_links(room: DeskContext, case: Case) -> Panel | None:
    """What may be done now to the promised date, in its line at the head of the request."""
    record = case.record
    is_open = record.phase not in (Phase.DECIDED, Phase.CLOSED)
    may_move = is_open and record.promise in ("running", "missed")
    may_pause = is_open and record.promise == "running" and not case.shown.is_late
    may_resume = record.promise == "paused" and record.phase is not Phase.WAITING_FOR_YOU
    if not (may_move or may_pause or may_resume):
        return None
    values = {"path": case_path(record.reference), "move": may_move, "pause": may_pause, "resume": may_resume}
    return Panel(template="promised_dates/links.html", values=values)


LINKS: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.promise",
    name="promised-dates",
    title=lambda: gettext("Promised date"),
    right="work",
    applies=lambda room, case: case.record.promised_at is not None and case.record.erased_at is None,
    draw=promise_links,
)
SLOT = "desk.request.done"
MESSAGES = (
    DoneMessage(
        slot=SLOT,
        name="pause",
        text=lambda: gettext("The response time is paused. The reason appears on the requester’s page."),
    ),
    DoneMessage(
        slot=SLOT,
        name="reprise",
        text=lambda: gettext("The response time has resumed, and the requester is notified of the new date."),
    ),
    DoneMessage(
        slot=SLOT, name="promesse", text=lambda: gettext("The promised date is changed, and the requester is notified.")
    ),
)
