"""The panel of the day on which somebody wants to look at a request again."""

from parvis import clock, i18n
from parvis.i18n import gettext
from parvis.jurisdictions.calendars import local_day
from parvis.requests.work.follow_up import MOST_WORDS, offered_days
from parvis.web.desk.context import DeskContext
from parvis.web.desk.one_request.case import Case
from parvis.web.panels import PagePanel, Panel


async def follow_up_panel(room: DeskContext, case: Case) -> Panel | None:
    """The day on which somebody wants to look again, or a form to choose one; for those who work on the request."""
    record = case.record
    calendar = room.town.calendar
    named = {
        "next": gettext("Next working day"),
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
    return Panel(template="parts/follow_up.html", values=values)


PANEL: PagePanel[DeskContext, Case] = PagePanel(
    slot="desk.request.side",
    name="again",
    after="public-page",
    title=lambda: gettext("To look at again"),
    right="work",
    applies=lambda room, case: case.record.erased_at is None,
    draw=follow_up_panel,
)
