"""Moving the date promised for a request, with the reason that its requester reads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath

from parvis import clock
from parvis.jurisdictions.calendars import local_day
from parvis.requests.changing import Conflict
from parvis.requests.promises.promising import MOST_WORDS, reschedule
from parvis.requests.records import Record
from parvis.web.desk.context import AtDesk, DeskContext, case_path, go
from parvis.web.desk.one_request.differing import news_of
from parvis.web.desk.one_request.forms import CASE, version_in
from parvis.web.pages import AnyRequest
from parvis.web.typed import typed
from parvis_sdk.fields import Date, LongText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.text import Text

TITLE = Text(fr="Nouvelle date promise", en="New promised date")
FORM = Form(
    sections=(
        Section(
            code="promise",
            title=TITLE,
            fields=(
                Date(code="day", label=TITLE, earliest=0),
                LongText(
                    code="reason",
                    label=Text(fr="Pourquoi la date change", en="Why the date changes"),
                    help=Text(fr="La personne lira ces mots.", en="The person will read these words."),
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
    return _page(room, record, {})


@post(f"{CASE}/promesse")
async def move_promise(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Promise another day, at the hour of the one before."""
    record, sent = await room.record(reference, "work"), await typed(request)
    raw = {name: sent.values.get(name) for name in ("day", "reason")}
    read = FORM.read(raw, today=local_day(room.town.calendar, clock.now()))
    if isinstance(read, Problems):
        return _page(room, record, raw, read)
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return _page(room, record, raw, seen)
    answer = await reschedule(
        room.heart,
        record.reference,
        _due_at(room, record, read.answers["day"]),
        read.answers["reason"],
        actor=room.actor,
        expected=seen,
    )
    if isinstance(answer, Problems):
        return _page(room, record, raw, answer)
    if isinstance(answer, Conflict):
        now = await room.record(reference, "work")
        return _page(room, now, raw, news=await news_of(room, now, answer))
    return go(case_path(record.reference) + "?fait=promesse#main")


def _due_at(room: DeskContext, record: Record, day: str) -> datetime:
    zone = ZoneInfo(room.town.time_zone)
    hour = (record.promised_at or clock.now()).astimezone(zone).timetz()
    return datetime.combine(datetime.fromisoformat(day).date(), hour)


def _page(
    room: DeskContext,
    record: Record,
    values: dict[str, Any],
    problems: Problems | None = None,
    *,
    news: Sequence[dict[str, Any]] | None = None,
) -> Response[Any]:
    room.writes(record)
    return room.show(
        "desk/promise.html",
        status=422 if problems else 409 if news is not None else 200,
        record=record,
        fields=FORM.fields(),
        values=values,
        problems=problems,
        news=news,
    )
