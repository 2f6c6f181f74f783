"""Looking at a request again on a day: its panel, and what is chosen there."""

from datetime import date
from typing import Any

from litestar import Response, post
from litestar.params import FromPath

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.web.desk.context import AtDesk, DeskContext
from parvis.web.desk.lists.filtering import day_of
from parvis.web.desk.one_request.answering import answered, refused
from parvis.web.desk.one_request.case import Case
from parvis.web.desk.one_request.forms import CASE, version_in, words_in, wrong
from parvis.web.done_messages import DoneMessage
from parvis.web.pages import AnyRequest
from parvis.web.panels import PagePanel, Panel, Weight
from parvis.web.typed import FormInput, typed
from parvis_follow_up_dates.follow_up import FARTHEST, MOST_WORDS, look_again, offered_days
from parvis_sdk.problems import Problems

FORM = "again"


@post(f"{CASE}/suivi")
async def set_follow_up(room: AtDesk, request: AnyRequest, reference: FromPath[str]) -> Response[Any]:
    """Choose a day, another day, or that it was looked at."""
    record, sent = await room.record(reference, "work"), await typed(request)
    values = {"day": sent.text("day"), "other": sent.text("other"), "words": words_in(sent)[:MOST_WORDS]}
    seen = version_in(sent)
    if isinstance(seen, Problems):
        return await refused(room, record, FORM, values, seen)
    if sent.text("_done"):
        answer = await look_again(room.host, record.reference, None, actor=room.actor, expected=seen)
        return await answered(room, record, FORM, values, answer, "revu")
    today = local_day(room.town.calendar, clock.now())
    day = _chosen(sent)
    if day is None or not today < day <= today + FARTHEST:
        words = gettext("Choose a future day within two years.")
        return await refused(room, record, FORM, values, wrong("other", words))
    answer = await look_again(room.host, record.reference, day, values["words"], actor=room.actor, expected=seen)
    return await answered(room, record, FORM, values, answer, "suivi")


def _chosen(sent: FormInput) -> date | None:
    return day_of(sent.text("other") or sent.text("day"))


async def follow_up_panel(room: DeskContext, case: Case) -> Panel | None:
    """The day on which somebody wants to look again, or a form to choose one; for those who work on the request."""
    record = case.record
    calendar = room.town.calendar
    named = {
        "next": gettext("Next business day"),
        "monday": gettext("Monday"),
        "fortnight": gettext("In two weeks"),
        "month": gettext("In a month"),
    }
    days = [
        (day.isoformat(), f"{named[name]} ({i18n.format_date(day)})")
        for name, day in offered_days(calendar, local_day(calendar, clock.now()))
    ]
    due = record.follow_up_at is not None and record.follow_up_at <= clock.now()
    values = {"at": record.follow_up_at, "due": due, "days": days, "version": record.version, "most": MOST_WORDS}
    weight: Weight = "urgent" if due else "plain" if record.follow_up_at is not None else "quiet"
    return Panel(template="follow_up_dates/panel.html", values=values, weight=weight)


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="again",
    after="public-page",
    title=lambda: gettext("To review"),
    right="work",
    applies=lambda room, case: case.record.erased_at is None,
    draw=follow_up_panel,
)

DONE = "desk.request.done"
MESSAGES = (
    DoneMessage(slot=DONE, name="revu", text=lambda: gettext("The request is no longer on the review list.")),
    DoneMessage(
        slot=DONE, name="suivi", text=lambda: gettext("The request will appear on that day under “To review”.")
    ),
)
